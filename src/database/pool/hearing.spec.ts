import { EventEmitter } from 'node:events';
import type { Client } from 'pg';
import { hearsPool } from './hearing';

/** A listening connection that a test controls. */
class Listening extends EventEmitter {
  readonly statements: string[] = [];

  constructor(private readonly error?: Error) {
    super();
  }

  escapeIdentifier(name: string): string {
    return `"${name}"`;
  }

  query(sql: string): Promise<void> {
    this.statements.push(sql);
    return this.error === undefined ? Promise.resolve() : Promise.reject(this.error);
  }
}

/** Returns what is heard if the pool does with the notification what `deliver` says. */
async function heard(
  deliver: (client: Listening, channel: string, payload: string) => Promise<void>,
  client = new Listening(),
): Promise<boolean | undefined> {
  const pool = {
    query: (_: string, [channel, payload]: unknown[]) => deliver(client, String(channel), String(payload)),
  };
  const result = hearsPool(client as unknown as Client, pool, 'public_arrival');
  await jest.advanceTimersByTimeAsync(3_000);
  const outcome = await result;
  expect(client.listenerCount('notification')).toBe(0);
  return outcome;
}

describe('hearsPool', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('a notification that arrives is heard', async () => {
    const client = new Listening();
    const arrives = (_: Listening, channel: string, payload: string): Promise<void> => {
      client.emit('notification', { channel, payload });
      return Promise.resolve();
    };
    expect(await heard(arrives, client)).toBe(true);
    expect(client.statements).toEqual(['LISTEN "public_arrival"']);
  });

  it.each<[string, Parameters<typeof heard>[0]]>([
    ['nothing arrives', () => Promise.resolve()],
    [
      'that of another instance arrives',
      (client, channel) => {
        client.emit('notification', { channel, payload: 'another' });
        return Promise.resolve();
      },
    ],
    [
      'it arrives on another channel',
      (client, _, payload) => {
        client.emit('notification', { channel: 'public_installations', payload });
        return Promise.resolve();
      },
    ],
  ])('nothing is heard if %s', async (_, deliver) => {
    expect(await heard(deliver)).toBe(false);
  });

  it('a statement that fails tells nothing', async () => {
    const broken = new Error('broken');
    expect(await heard(() => Promise.reject(broken))).toBeUndefined();
    expect(await heard(() => Promise.resolve(), new Listening(broken))).toBeUndefined();
  });
});
