import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

/** A notification as a receiver got it. */
export interface Received {
  readonly id: string;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly path: string;
}

/** The reaction to a request: the status to answer with, `hang` for no answer, or `break` to close the connection. */
export type Reaction = number | 'hang' | 'break';

/** A shop's backend: an HTTP server that records the notifications it gets. */
export class Receiver {
  readonly received: Received[] = [];
  /** Decides the answer, before the notification counts as received. */
  react: (request: Received) => Reaction | Promise<Reaction> = () => 204;
  /** Headers of every answer. */
  answerHeaders: Readonly<Record<string, string>> = {};
  /** The secret that is verified, if it is set; an invalid signature is answered 401. */
  secret: string | undefined;
  invalidSignatures = 0;
  private server: Server | undefined;
  private port = 0;

  get url(): string {
    return `http://127.0.0.1:${String(this.port)}/hook`;
  }

  /** Starts to listen; after a stop at the same port. */
  async start(): Promise<this> {
    const server = createServer((request, response) => {
      void this.answer(request, response);
    });
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.server = server;
    this.port = (server.address() as AddressInfo).port;
    return this;
  }

  /** Closes all connections: further ones are refused. */
  async stop(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (server === undefined) return;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    try {
      for await (const part of request) parts.push(part as Buffer);
    } catch {
      return;
    }
    const body = Buffer.concat(parts).toString('utf8');
    const headers = request.headers as Record<string, string>;
    if (this.secret !== undefined && !verifies(this.secret, body, headers)) {
      this.invalidSignatures += 1;
      response.writeHead(401).end();
      return;
    }
    const { type, data } = JSON.parse(body) as Pick<Received, 'type' | 'data'>;
    const received = { id: headers['webhook-id'] ?? '', type, data, headers, body, path: request.url ?? '' };
    const reaction = await this.react(received);
    if (reaction === 'break') return void request.socket.destroy();
    this.received.push(received);
    if (reaction !== 'hang') response.writeHead(reaction, this.answerHeaders).end('ok');
  }
}

/** Returns true if a secret verifies a notification. */
export function verifies(secret: string, body: string, headers: Readonly<Record<string, string>>): boolean {
  try {
    new Webhook(secret).verify(body, { ...headers });
    return true;
  } catch {
    return false;
  }
}
