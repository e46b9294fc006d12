import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** The type of PostgreSQL's message that carries a notification. */
const NOTIFICATION = 'A'.charCodeAt(0);

/** A proxy in front of PostgreSQL that drops notifications, as a pooler in transaction mode does. */
export interface DeafProxy {
  readonly port: number;
  /** True while notifications are dropped. */
  isDeaf: boolean;
  stop(): Promise<void>;
}

/** Starts a proxy in front of a server that is reached without TLS. */
export async function startDeafProxy(target: { host: string; port: number }): Promise<DeafProxy> {
  const clients = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(target);
    clients.add(client);
    client.pipe(upstream);
    let rest = Buffer.alloc(0);
    upstream.on('data', (chunk) => {
      rest = Buffer.concat([rest, chunk]);
      while (rest.length >= 5 && rest.length > rest.readUInt32BE(1)) {
        const end = 1 + rest.readUInt32BE(1);
        if (rest[0] !== NOTIFICATION || !proxy.isDeaf) client.write(rest.subarray(0, end));
        rest = rest.subarray(end);
      }
    });
    for (const [socket, peer] of [
      [client, upstream],
      [upstream, client],
    ] as const)
      socket.on('error', () => undefined).on('close', () => peer.destroy());
    client.on('close', () => clients.delete(client));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy: DeafProxy = {
    port: (server.address() as AddressInfo).port,
    isDeaf: true,
    stop: async () => {
      for (const client of clients) client.destroy();
      server.close();
      await once(server, 'close');
    },
  };
  return proxy;
}
