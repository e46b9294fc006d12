import { summaryOf } from './statement-spans';

describe('summaryOf', () => {
  it.each([
    ['SELECT "Order"."id" FROM "public"."orders" "Order" WHERE id = $1', 'SELECT orders'],
    ['SELECT status FROM orders WHERE id = $1 FOR UPDATE', 'SELECT orders'],
    ['INSERT INTO "public"."orders"("id") VALUES (DEFAULT)', 'INSERT orders'],
    ['UPDATE operations p SET checks = checks + 1', 'UPDATE operations'],
    [
      'WITH given AS (SELECT * FROM unnest($1::int[]) AS g (id)) UPDATE orders SET status = $2',
      'UPDATE orders',
    ],
    ['WITH l AS (SELECT id FROM a FOR UPDATE OF a), m AS (DELETE FROM b) SELECT 1', 'DELETE b'],
    ['INSERT INTO a (id) VALUES (1) ON CONFLICT DO UPDATE SET id = 2', 'INSERT a'],
    ['SELECT * FROM unnest($1::int[])', 'SELECT'],
    ['START TRANSACTION', 'START TRANSACTION'],
    ['COMMIT', 'COMMIT'],
    ['', ''],
  ])('the name of the statement %s is "%s"', (text, expected) => {
    expect(summaryOf(text)).toBe(expected);
  });
});
