import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { publicOrigin, type Simulator } from '../simulator';

const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Refuses requests whose `Host` is not the simulator's own: a loopback name, `SIMULATOR_HOST`, the host of the setting
 * `public_url`, or the address that the connection was made to. A page of another site can make its own name point to
 * this machine (DNS rebinding); its requests then have that name as their `Host`.
 */
export function registerOwnHostsOnly(app: FastifyInstance, simulator: Simulator): void {
  app.addHook('onRequest', (request, reply, done) => {
    const host = hostOf(request.headers.host);
    if (host !== undefined && isOwn(host, request, simulator)) {
      done();
      return;
    }
    reply.code(421).send({
      message: 'unknown host: open the simulator by its own address, or set SIMULATOR_HOST or public_url',
    });
  });
}

function isOwn(host: string, { socket }: FastifyRequest, simulator: Simulator): boolean {
  const origin = publicOrigin(simulator);
  const configured = [
    hostOf(inUrl(simulator.environment.SIMULATOR_HOST)),
    URL.canParse(origin) ? new URL(origin).hostname : undefined,
    hostOf(inUrl((socket.localAddress ?? '').replace(/^::ffff:/, ''))),
  ];
  return LOOPBACK.has(host) || configured.includes(host);
}

/** Returns the host of a `Host` header without its port, as URLs write it; undefined if it is none. */
function hostOf(header: string | undefined): string | undefined {
  const url = `http://${header ?? ''}`;
  return header !== undefined && /^[\w.:[\]-]+$/.test(header) && URL.canParse(url)
    ? new URL(url).hostname
    : undefined;
}

/** Writes an IPv6 address in brackets, as URLs need it. */
function inUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
