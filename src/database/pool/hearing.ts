import { randomUUID } from 'node:crypto';
import type { Client, Notification } from 'pg';

const LIMIT_MILLISECONDS = 3_000;

/** The part of a data source that sends a notification. */
interface Sender {
  query(sql: string, parameters: unknown[]): Promise<unknown>;
}

/**
 * Sends a notification through the pool and waits up to 3 s for it on the listening connection.
 *
 * @returns undefined if that can't be known at present, because a statement failed.
 */
export async function hearsPool(client: Client, pool: Sender, channel: string): Promise<boolean | undefined> {
  const payload = randomUUID();
  let timer: NodeJS.Timeout | undefined;
  let onNotification: (message: Notification) => void = () => undefined;
  const heard = new Promise<boolean>((resolve) => {
    onNotification = (message) => {
      if (message.channel === channel && message.payload === payload) resolve(true);
    };
    client.on('notification', onNotification);
  });
  try {
    await client.query(`LISTEN ${client.escapeIdentifier(channel)}`);
    await pool.query('SELECT pg_notify($1, $2)', [channel, payload]);
    const missed = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => {
        resolve(false);
      }, LIMIT_MILLISECONDS).unref();
    });
    return await Promise.race([heard, missed]);
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
    client.off('notification', onNotification);
  }
}
