import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A TCP proxy on loopback that can stop forwarding without closing, as in a network that drops packets. */
export interface SilentProxy {
  readonly port: number;
  /** Counts the open connections of clients. */
  openConnections(): number;
  /** Stops forwarding on all current connections, without closing them. Later connections work. */
  silence(): void;
  /** Connects later clients to another server; current connections stay. */
  redirect(target: { host: string; port: number }): void;
  stop(): Promise<void>;
}

/** Starts a proxy in front of a server. */
export async function startSilentProxy(target: { host: string; port: number }): Promise<SilentProxy> {
  const pairs = new Map<Socket, Socket>();
  let current = target;
  const server = createServer((client) => {
    const upstream = connect(current);
    pairs.set(client, upstream);
    client.pipe(upstream).pipe(client);
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
        upstream.unpipe(client);
        // Data is read and discarded, so that the close of a client's connection is still detected.
        client.resume();
        upstream.resume();
      }
    },
    redirect: (next) => {
      current = next;
    },
    stop: async () => {
      for (const client of pairs.keys()) client.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
