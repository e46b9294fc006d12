import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { Transform } from 'node:stream';

/** A TCP proxy on loopback that can stop forwarding without closing, as in a network that drops packets. */
export interface SilentProxy {
  readonly port: number;
  /** Counts the open connections of clients. */
  openConnections(): number;
  /** Stops forwarding on all current connections, without closing them. Later connections work. */
  silence(): void;
  /** Connects later clients to another server; current connections stay. */
  redirect(target: { host: string; port: number }): void;
  /** Delays each piece of the server's answers from now on; 0 for no delay. */
  slow(milliseconds: number): void;
  stop(): Promise<void>;
}

/** Starts a proxy in front of a server. */
export async function startSilentProxy(target: { host: string; port: number }): Promise<SilentProxy> {
  const pairs = new Map<Socket, Socket>();
  let current = target;
  let delay = 0;
  const server = createServer((client) => {
    const upstream = connect(current);
    pairs.set(client, upstream);
    const late = new Transform({
      transform: (chunk: Buffer, _, done) => {
        if (delay === 0) done(null, chunk);
        else setTimeout(done, delay, null, chunk);
      },
    });
    client.pipe(upstream).pipe(late).pipe(client);
    client.on('error', () => undefined);
    upstream.on('error', () => undefined);
    client.on('close', () => {
      pairs.delete(client);
      upstream.destroy();
    });
    upstream.on('close', () => client.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    openConnections: () => pairs.size,
    silence: () => {
      for (const [client, upstream] of pairs) {
        client.unpipe(upstream);
        upstream.unpipe();
        // Data is read and discarded, so that the close of a client's connection is still detected.
        client.resume();
        upstream.resume();
      }
    },
    redirect: (next) => {
      current = next;
    },
    slow: (milliseconds) => {
      delay = milliseconds;
    },
    stop: async () => {
      for (const client of pairs.keys()) client.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
