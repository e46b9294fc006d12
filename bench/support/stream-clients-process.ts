/**
 * The process of `StreamClients`: opens the clients that it is told, and answers when each of them has received the
 * events that it is told to wait for.
 */
import { connect, type Socket } from 'node:net';
import { type ClientsCommand, type ClientsReport, monotonicMilliseconds } from './stream-clients';

const EVENT = '\ndata: ';
/** Connections that are opened at the same time. */
const OPENING = 100;

let expected = 0;
let times: number[] = [];
let onAll = (): void => undefined;

/** Opens one client. @returns a promise that resolves with its first event, and rejects if the server refuses. */
function open(origin: string, path: string): Promise<Socket> {
  const { hostname, port, host } = new URL(origin);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    let rest = '';
    socket.setEncoding('latin1');
    socket.once('connect', () => socket.write(`GET ${path} HTTP/1.1\r\nhost: ${host}\r\n\r\n`));
    socket.once('data', (chunk: string) => {
      if (!chunk.startsWith('HTTP/1.1 200')) reject(new Error(`${path}: ${chunk.slice(0, 200)}`));
    });
    socket.on('data', (chunk: string) => {
      const parts = (rest + chunk).split(EVENT);
      rest = (parts.at(-1) ?? '').slice(-EVENT.length);
      for (let event = 1; event < parts.length; event += 1) {
        times.push(monotonicMilliseconds());
        resolve(socket);
      }
      if (times.length >= expected) onAll();
    });
    socket.once('error', reject);
    socket.once('close', () => {
      reject(new Error(`${path}: the server has closed the stream`));
    });
  });
}

async function openAll(origin: string, paths: readonly string[]): Promise<void> {
  const left = [...paths];
  const worker = async (): Promise<void> => {
    for (let path = left.pop(); path !== undefined; path = left.pop()) await open(origin, path);
  };
  await Promise.all(Array.from({ length: OPENING }, worker));
}

function report(message: ClientsReport): void {
  process.send?.(message);
}

process.on('message', (command: ClientsCommand) => {
  if (command.kind === 'open')
    void openAll(command.origin, command.paths)
      .then(() => {
        report({ kind: 'ready' });
      })
      .catch((error: unknown) => {
        report({ kind: 'failed', message: String(error) });
      });
  else {
    times = [];
    expected = command.events;
    onAll = () => {
      report({ kind: 'received', times });
      onAll = (): void => undefined;
    };
    report({ kind: 'ready' });
  }
});
