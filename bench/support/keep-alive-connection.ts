import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const HEAD_END = '\r\n\r\n';
/** `HTTP/1.1 200`: where the status begins and ends. */
const STATUS = { from: 9, to: 12 };

interface Waiting {
  readonly resolve: (status: number) => void;
  readonly reject: (error: Error) => void;
}

/**
 * One HTTP/1.1 connection that sends one request at a time and reads only the status of its answer. It costs less
 * than an HTTP client, so that more of the machine is left for what is measured. Answers need a Content-Length.
 */
export class KeepAliveConnection {
  private received = '';
  private waiting: Waiting | undefined;
  private failure: Error | undefined;

  private constructor(private readonly socket: Socket) {
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => {
      this.read(chunk);
    });
    socket.on('error', (error) => {
      this.fail(error);
    });
    socket.on('close', () => {
      this.fail(new Error('The server has closed the connection'));
    });
  }

  static async open(origin: string): Promise<KeepAliveConnection> {
    const { hostname, port } = new URL(origin);
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    await once(socket, 'connect');
    return new KeepAliveConnection(socket);
  }

  /** Sends a request and waits for its whole answer. @returns its status. @throws Error if the connection is lost. */
  request(text: string): Promise<number> {
    return new Promise((resolve, reject) => {
      if (this.failure !== undefined) {
        reject(this.failure);
        return;
      }
      this.waiting = { resolve, reject };
      this.socket.write(text);
    });
  }

  close(): void {
    this.socket.destroy();
  }

  private read(chunk: string): void {
    this.received += chunk;
    const headLength = this.received.indexOf(HEAD_END);
    if (headLength < 0) return;
    const head = this.received.slice(0, headLength);
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    if (length === undefined) {
      this.fail(new Error(`An answer without Content-Length: ${head.slice(0, 200)}`));
      return;
    }
    if (this.received.length < headLength + HEAD_END.length + Number(length)) return;
    this.received = '';
    const { waiting } = this;
    this.waiting = undefined;
    waiting?.resolve(Number(head.slice(STATUS.from, STATUS.to)));
  }

  private fail(error: Error): void {
    this.failure ??= error;
    this.waiting?.reject(this.failure);
    this.waiting = undefined;
  }
}
