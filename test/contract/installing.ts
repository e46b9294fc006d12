import { randomUUID } from 'node:crypto';
import { codeOf } from '../../src/common/errors/api-error';
import type { Answer } from '../support/http';
import { consent, install } from '../support/shop';
import { aText, aUuid, type Row } from './row';
import { BROWSER, SECRET, type World } from './world';

const CALLBACK = '/integrations/appmax/callback/install';
const HTML = { 'content-type': 'text/html; charset=utf-8' };
const REQUIRED =
  'app_id, external_key, client_key, merchant_client_id and merchant_client_secret are required';

const newKey = (): string => `shop-${randomUUID()}`;
const is = (message: string, code = codeOf(message)): { message: string; code: string } => ({
  message,
  code,
});

const startPath = ({ simulator }: World, key: string): string =>
  `/install/start?${new URLSearchParams({ app_id: simulator.appIdUuid, external_key: key }).toString()}`;

/** Sends a health check as Appmax does: an unknown key with invalid credentials, unless `fields` has others. */
const healthCheck = (world: World, fields: Readonly<Record<string, unknown>>): Promise<Answer> => {
  const key = newKey();
  const keys = { app_id: world.simulator.appIdNumeric, external_key: key, client_key: key };
  return callback(world, { ...keys, client_id: 'nobody', client_secret: 'nothing', ...fields });
};

const callback = (world: World, body: unknown): Promise<Answer> =>
  world.service.send('POST', CALLBACK, { body });

/** Returns valid credentials: those of the world's shop. */
async function realCredentials(world: World): Promise<Readonly<Record<string, unknown>>> {
  const { body } = await world.get(`/installations/${world.key}/merchant/token`, SECRET);
  return { client_id: body['merchant_client_id'], client_secret: body['merchant_client_secret'] };
}

/** Runs an installation in which Appmax gives no credentials to the callback. */
async function withoutCredentials(
  world: World,
  meanwhile: (key: string) => Promise<unknown>,
): Promise<Answer> {
  const key = newKey();
  await world.control.change({ health_check: 'off' });
  const path = await consent(world.service, world.simulator, key);
  await world.control.change({ health_check: 'beside' });
  const route = 'POST /app/client/generate';
  const { id } = await world.control.addFault({ kind: 'html', status: 500, route, times: null });
  try {
    await meanwhile(key);
    return await world.get(path);
  } finally {
    await world.control.removeFault(id);
  }
}

/** The contract's table of installation routes: successes, then errors. */
export const INSTALLING: readonly Row[] = [
  {
    title: 'GET /install/start',
    ask: (w) => w.get(startPath(w, newKey())),
    status: 302,
    headers: {
      location: expect.stringMatching(/^http:\/\/[\d.:]+\/sandbox\/appstore\/integration\/[^/?]+$/) as string,
    },
  },
  {
    title: 'GET /install/start of a key that is installed, with a secret key',
    ask: (w) => w.get(startPath(w, w.key), SECRET),
    status: 302,
  },
  {
    title: 'GET /install/start of a key that is installed, without a secret key',
    ask: (w) => w.get(startPath(w, w.key)),
    status: 401,
    body: { message: 'unauthorized', code: 'unauthorized' },
    headers: { 'www-authenticate': expect.stringContaining('Bearer') as string },
  },
  {
    title: 'GET /install/start, for a browser, without parameters',
    ask: (w) => w.get('/install/start', BROWSER),
    status: 200,
    headers: HTML,
    text: '<button',
  },
  {
    title: `GET ${CALLBACK}`,
    ask: async (w) => w.get(await consent(w.service, w.simulator, newKey())),
    status: 200,
    body: { external_id: aUuid },
  },
  {
    title: `GET ${CALLBACK}, for a browser`,
    ask: async (w) => w.get(await consent(w.service, w.simulator, newKey()), BROWSER),
    status: 200,
    headers: HTML,
    text: 'Installed',
  },
  {
    title: `GET ${CALLBACK}, with an unknown hash`,
    ask: (w) => w.get(`${CALLBACK}?token=${randomUUID()}`),
    status: 200,
    body: { message: 'installation confirmed' },
  },
  {
    title: `GET ${CALLBACK}, a second time`,
    ask: async (w: World): Promise<Answer> => {
      const path = await consent(w.service, w.simulator, newKey());
      await w.get(path);
      return w.get(path);
    },
    status: 200,
    body: { message: 'installation confirmed' },
  },
  {
    title: `POST ${CALLBACK}`,
    ask: async (w) => healthCheck(w, await realCredentials(w)),
    status: 200,
    body: { external_id: aUuid },
  },
  {
    title: `POST ${CALLBACK}, with the credentials of the installed key`,
    ask: async (w) =>
      healthCheck(w, { ...(await realCredentials(w)), external_key: w.key, client_key: w.key }),
    status: 200,
    body: { external_id: aUuid },
  },
  {
    title: 'POST /installations/:key/start',
    ask: (w) => w.service.send('POST', `/installations/${w.key}/start`, SECRET),
    status: 200,
    body: { url: expect.stringMatching(/\/appstore\/integration\/\w/) as string },
  },
  {
    title: 'GET /installations/:key/merchant/token',
    ask: (w) => w.get(`/installations/${w.key}/merchant/token`, SECRET),
    status: 200,
    body: {
      merchant_bearer_token: aText,
      external_key: expect.stringMatching(/^shop-/) as string,
      merchant_client_id: aText,
      merchant_client_secret: aText,
    },
  },
  {
    title:
      'callback GET while Appmax gives no credentials, of a key that the health check installs meanwhile',
    ask: (w) =>
      withoutCredentials(w, async (key) =>
        healthCheck(w, { ...(await realCredentials(w)), external_key: key, client_key: key }),
      ),
    status: 200,
    body: { external_id: aUuid },
  },
  {
    title: 'callback GET while Appmax gives no credentials',
    ask: (w) => withoutCredentials(w, () => Promise.resolve()),
    status: 502,
    body: is('failed to generate merchant credentials'),
  },
  {
    title: '400: start without app_id',
    ask: (w) => w.get('/install/start?external_key=x'),
    status: 400,
    body: is('app_id is required'),
  },
  {
    title: '400: start without external_key',
    ask: (w) => w.get(`/install/start?app_id=${w.simulator.appIdUuid}`),
    status: 400,
    body: is('external_key is required'),
  },
  {
    title: '400: start of another app',
    ask: (w) => w.get(`/install/start?app_id=${randomUUID()}&external_key=x`),
    status: 400,
    body: is('invalid app_id'),
  },
  {
    title: '400: callback GET without token',
    ask: (w) => w.get(CALLBACK),
    status: 400,
    body: is('token is required'),
  },
  {
    title: '200: callback GET without token, for a browser',
    ask: (w) => w.get(CALLBACK, BROWSER),
    status: 200,
    text: 'Ready',
  },
  {
    title: '400: callback GET with the hash of another app',
    ask: async (w: World): Promise<Answer> => {
      const path = await consent(w.service, w.simulator, newKey());
      return w.withService({ APPMAX_APP_ID_UUID: randomUUID() }, (other) => other.send('GET', path));
    },
    status: 400,
    body: is('invalid app_id'),
  },
  ...['[]', '"x"', '{'].map((body): Row => ({
    title: `400: callback POST with ${body}`,
    ask: (w) => callback(w, body),
    status: 400,
    body: is('invalid request body'),
  })),
  {
    title: '400: callback POST with an empty body',
    ask: (w) => callback(w, {}),
    status: 400,
    body: is(REQUIRED, 'callback_fields_required'),
  },
  ...['external_key', 'client_key', 'client_id', 'client_secret'].map((name): Row => ({
    title: `400: callback POST without ${name}`,
    ask: (w) => healthCheck(w, { [name]: undefined }),
    status: 400,
    body: is(REQUIRED, 'callback_fields_required'),
  })),
  {
    title: '400: callback POST of another app',
    ask: (w) => healthCheck(w, { app_id: 1, client_key: 'another' }),
    status: 400,
    body: is('invalid app_id'),
  },
  {
    title: '400: callback POST with a client_key other than the external_key',
    ask: (w) => healthCheck(w, { client_key: 'another' }),
    status: 400,
    body: is('invalid client_key'),
  },
  {
    title: '400: callback POST with credentials that Appmax refuses',
    ask: (w) => healthCheck(w, {}),
    status: 400,
    body: is('invalid client credentials'),
  },
  {
    title: '409: callback POST that would replace credentials',
    ask: async (w: World): Promise<Answer> => {
      const key = newKey();
      await install(w.service, w.simulator, key);
      return healthCheck(w, { external_key: key, client_key: key });
    },
    status: 409,
    body: is('installation already exists'),
  },
];
