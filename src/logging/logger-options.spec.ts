import pino from 'pino';
import { LogText, logText } from '../common/log-text';
import { parseConfig } from '../config';
import { loggerOptions } from './logger-options';
import { ServiceLogger } from './service-logger';

const CARD = '4000000000000010';

/** Returns a log line as it is written. */
function written(write: (logger: pino.Logger) => void): Record<string, unknown> {
  let line = '';
  const options = loggerOptions(parseConfig({ DB_PASSWORD: 'x', APP_ENV: 'test', LOG_LEVEL: 'debug' }));
  write(pino(options, { write: (text: string) => (line += text) }));
  return JSON.parse(line) as Record<string, unknown>;
}

describe('A line of the log', () => {
  it('a log line contains the allowed fields, and only the names of the others', () => {
    const line = written((logger) => {
      logger.info({ orderId: 7, outcome: 'approved', body: { number: CARD }, cvv: '123' }, 'A payment');
    });
    expect(line).toMatchObject({ orderId: 7, outcome: 'approved', msg: 'A payment' });
    expect(line['leftOut']).toEqual(['body', 'cvv']);
    expect(JSON.stringify(line)).not.toMatch(/4000|123"/);
  });

  it('a log line has its time in ISO 8601 and its level as a word', () => {
    const line = written((logger) => {
      logger.warn('A message');
    });
    expect(line['time']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(line['level']).toBe('warn');
  });

  it('our own words, ids and UUIDs are not masked', () => {
    const externalId = '12345678-1234-4123-8123-123456789012';
    const line = written((logger) => {
      new ServiceLogger(logger).log(
        { operationId: 12_345_678_901, externalId },
        logText`Order ${1773760001} 404 of ${new LogText('ReserveReadsAndMarkKnownOrders1795737600055')} and ${CARD}`,
        'Test',
      );
    });
    expect(line).toMatchObject({
      operationId: 12_345_678_901,
      externalId,
      msg: 'Order 1773760001 404 of ReserveReadsAndMarkKnownOrders1795737600055 and …10',
    });
    const alone = written((logger) => {
      new ServiceLogger(logger).log(logText`Order ${1773760001} 404`, 'Test');
    });
    expect(alone).toMatchObject({ msg: 'Order 1773760001 404', context: 'Test' });
  });

  it('a log line contains only the numbers of an object', () => {
    const line = written((logger) => {
      logger.info({ counts: { stored: 3, secret: 'text', nested: { deep: 1 } }, reason: { cvv: '123' } });
    });
    expect(line).toMatchObject({ counts: { stored: 3 }, reason: {} });
  });

  it('personal data and card numbers are masked in the message and in texts', () => {
    const line = written((logger) => {
      logger.warn({ reason: `Card ${CARD} of 529.982.247-25` }, 'maria@example.com\n{"level":60}\u001b[2J');
    });
    expect(line['reason']).toBe('Card …10 of …25');
    expect(line['msg']).toBe('m…@example.com {"level":60} [2J');
  });

  it('a log line contains type, message, code and stack of an error, but not its other properties', () => {
    const error = Object.assign(new Error(`duplicate key (${CARD})\n    at evil (secret:1:1)`), {
      code: '23505',
      detail: `Key (card)=(${CARD}) already exists.`,
      query: 'INSERT INTO secrets VALUES ($1)',
      parameters: ['a-secret'],
      cause: new Error('a-secret'),
    });
    const line = written((logger) => {
      logger.error({ err: error }, error.message);
    });
    expect(line['err']).toEqual({
      type: 'Error',
      message: 'duplicate key …10)     at evil (secret:1:1)',
      stack: expect.stringContaining('logger-options.spec.ts:') as string,
      code: '23505',
    });
    expect((line['err'] as { stack: string }).stack).not.toContain('evil');
    expect(JSON.stringify(line)).not.toMatch(/4000000|a-secret|INSERT/);
  });

  it.each(['loja@example.com', 'loja%40example.com', 'loja%2540example%252Ecom'])(
    'a log line contains no query string, and a masked path: %s',
    (key) => {
      const line = written((logger) => {
        logger.info({
          req: {
            id: 'x',
            method: 'GET',
            url: `/checkout/${key}/status/1773760001?token=abc`,
            headers: { authorization: 'Bearer abc' },
          },
        });
      });
      expect(line['req']).toEqual({
        id: 'x',
        method: 'GET',
        path: '/checkout/l…@example.com/status/1773760001',
      });
    },
  );

  it.each(['%', '%E0%A4%A', 'a%00b', 'a%2Fb'])(
    'a logged path has no line breaks, whatever it contains: %s',
    (part) => {
      const line = written((logger) => {
        logger.info({ req: { id: 'x', method: 'GET', url: `/checkout/${part}/config`, headers: {} } });
      });
      expect(JSON.stringify(line['req'])).toMatch(/"path":"\/checkout\/[ -~]+\/config"/);
    },
  );

  it('a log line has a bounded length', () => {
    const line = written((logger) => {
      logger.info({ reason: 'a '.repeat(100_000) }, 'b '.repeat(100_000));
    });
    expect(JSON.stringify(line).length).toBeLessThan(3_000);
  });
});
