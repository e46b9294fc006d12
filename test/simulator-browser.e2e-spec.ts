import { randomUUID } from 'node:crypto';
import { type Answer, send } from './support/http';
import { at, cards, SimulatorMerchant } from './support/simulator-merchant';
import { externalId, SimulatorWorld } from './support/simulator-world';

const PATH = '/v1/payments/tokenize';
const card = {
  number: cards.approved,
  holder_name: 'MARINA SOUZA',
  expiration_month: '12',
  expiration_year: '30',
  cvv: '123',
};
const body = { payment_data: { credit_card: card } };
const ORIGIN = { origin: 'https://checkout.example.com' };

describe("the simulator's calls of a browser", () => {
  let world: SimulatorWorld;
  beforeAll(async () => (world = await SimulatorWorld.start('g2')));
  afterAll(() => world.close());
  beforeEach(() => world.reset());

  const tokenize = (headers: Record<string, string>, sent: unknown = body): Promise<Answer> =>
    send('POST', `${world.origin}${PATH}`, { body: sent, headers: { ...ORIGIN, ...headers } });
  const install = (id: string): Promise<unknown> =>
    world.control.createMerchant({ external_key: 'loja-teste', external_id: id });

  it('a tokenize call with the external_id of a merchant gives a token for one payment of that merchant', async () => {
    await install(externalId);
    const answer = await tokenize({ 'external-id': externalId });
    expect([answer.status, answer.body]).toEqual([201, { data: { token: expect.any(String) as unknown } }]);
    const token = at(answer, 'data.token') as string;
    expect(token).toMatch(/^[0-9a-f]{32}$/);
    const merchant = await SimulatorMerchant.create(world);
    expect((await merchant.payByToken(await merchant.order(), token)).status).toBe(201);
    expect((await merchant.payByToken(await merchant.order(), token)).status).toBe(422);
  });

  it('a tokenize call is refused in the forms of browser calls', async () => {
    await install(externalId);
    expect(await tokenize({})).toMatchObject({
      status: 400,
      body: { message: 'Missing required request parameters: [external-id]' },
    });
    expect(await tokenize({ 'external-id': randomUUID() })).toMatchObject({
      status: 404,
      body: { message: 'Merchant not found' },
    });
    const short = { payment_data: { credit_card: { ...card, number: '4000' } } };
    expect((await tokenize({ 'external-id': externalId }, short)).status).toBe(422);
    await world.control.uninstall('loja-teste');
    expect(await tokenize({ 'external-id': externalId })).toMatchObject({
      status: 404,
      body: { message: 'Client id not found' },
    });
  });

  it('after another installation with the same external_id only the client_id counts', async () => {
    await install(externalId);
    const again = await world.control.createMerchant({ external_key: 'loja-teste', external_id: externalId });
    expect((await tokenize({ 'external-id': externalId })).status).toBe(404);
    expect((await tokenize({ 'external-id': again.client_id })).status).toBe(201);
  });

  it('an unknown external_id is accepted if the setting says so, for the first merchant that pays', async () => {
    await world.control.change({ unknown_external_ids: 'accept' });
    const token = at(await tokenize({ 'external-id': randomUUID() }), 'data.token') as string;
    const merchant = await SimulatorMerchant.create(world);
    expect((await merchant.payByToken(await merchant.order(), token)).status).toBe(201);
  });

  it('pages of any origin may make the calls and read their answers, faults included', async () => {
    const preflight = await send('OPTIONS', `${world.origin}${PATH}`, {
      headers: { ...ORIGIN, 'access-control-request-method': 'POST' },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
    expect(preflight.headers.get('access-control-allow-headers')).toContain('external-id');
    await world.control.addFault({ kind: 'status', status: 503, route: `POST ${PATH}` });
    const failed = await tokenize({ 'external-id': externalId });
    expect(failed.status).toBe(503);
    expect(failed.headers.get('access-control-allow-origin')).toBe('*');
    const ip = await send('GET', `${world.origin}/ip`, { headers: ORIGIN });
    expect([ip.body, ip.headers.get('access-control-allow-origin')]).toEqual([{ ip: '127.0.0.1' }, '*']);
  });

  it('the received call is in the log without the card', async () => {
    await install(externalId);
    await tokenize({ 'external-id': externalId });
    const { requests } = await world.control.requests();
    expect(requests[0]).toMatchObject({ route: `POST ${PATH}`, status: 201, external_key: 'loja-teste' });
    expect(JSON.stringify(requests)).not.toContain(cards.approved);
    expect(requests[0]?.body).toMatchObject({ payment_data: { credit_card: { cvv: '***' } } });
  });

  it('the script is JavaScript that is never cached', async () => {
    const script = await send('GET', `${world.origin}/appmax.min.js`);
    expect(script.headers.get('content-type')).toContain('text/javascript');
    expect(script.headers.get('cache-control')).toBe('no-store');
    expect(script.text).toContain('AppCheckout');
  });
});
