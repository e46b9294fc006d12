import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** PostgreSQL's messages that end a round trip: `Q` is a simple query, `S` is the Sync after an extended one. */
const ENDS_ROUND_TRIP = new Set(['Q'.charCodeAt(0), 'S'.charCodeAt(0)]);
const HEADER_BYTES = 5;

/** A proxy in front of PostgreSQL that counts the round trips of its clients. */
export interface RoundTripCounter {
  readonly port: number;
  /** Returns the number of round trips so far. */
  count(): number;
  stop(): void;
}

/** Starts a counting proxy to a PostgreSQL on the loopback interface. TLS is not supported. */
export async function countRoundTrips(postgresPort: number): Promise<RoundTripCounter> {
  let trips = 0;
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (client) => {
    const upstream = connect({ host: '127.0.0.1', port: postgresPort, noDelay: true });
    const read = messageReader(() => (trips += 1));
    client.on('data', read);
    client.pipe(upstream).pipe(client);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.once('close', () => sockets.delete(socket));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    count: () => trips,
    stop: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Splits a client's stream into messages. The first message, the startup, has no type byte. */
function messageReader(onRoundTrip: () => void): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  let isStarted = false;
  return (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (;;) {
      if (rest.length < HEADER_BYTES) return;
      const length = isStarted ? 1 + rest.readUInt32BE(1) : rest.readUInt32BE(0);
      if (rest.length < length) return;
      if (isStarted && ENDS_ROUND_TRIP.has(rest[0] ?? 0)) onRoundTrip();
      isStarted = true;
      rest = rest.subarray(length);
    }
  };
}
