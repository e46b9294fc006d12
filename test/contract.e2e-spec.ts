import { APPMAX } from './contract/appmax';
import { BODIES } from './contract/bodies';
import { ERRORS } from './contract/errors';
import { INSTALLING } from './contract/installing';
import { ROUTES } from './contract/routes';
import { check, type Row } from './contract/row';
import { World } from './contract/world';

const named = (rows: readonly Row[]): [string, Row][] => rows.map((row) => [row.title, row]);

describe.each(['g1', 'g2'] as const)('The contract, with Appmax answering as %s', (api) => {
  let world: World;

  beforeAll(async () => {
    world = await World.create(api);
  });

  afterAll(async () => {
    await world.close();
  });

  it("the contract's tables have no title twice", () => {
    const titles = [ROUTES, INSTALLING, BODIES, ERRORS, APPMAX].flatMap((rows) =>
      rows.map(({ title }) => title),
    );
    expect(titles.filter((title, index) => titles.indexOf(title) !== index)).toEqual([]);
  });

  describe('Routes', () => {
    it.each(named(ROUTES))('the contract holds: %s', async (_, row) => {
      await check(row, world);
    });
  });

  describe('Installing', () => {
    it.each(named(INSTALLING))('the contract holds: %s', async (_, row) => {
      await check(row, world);
    });
  });

  describe('Bodies', () => {
    it.each(named(BODIES))('the contract holds: %s', async (_, row) => {
      await check(row, world);
    });
  });

  describe('Errors', () => {
    it.each(named(ERRORS))('the contract holds: %s', async (_, row) => {
      await check(row, world);
    });
  });

  describe("Appmax's failures", () => {
    it.each(named(APPMAX))('the contract holds: %s', async (_, row) => {
      await check(row, world);
    });
  });
});
