/**
 * The floor of the stream: a bare Fastify application that sends PostgreSQL's notifications to its clients as
 * server-sent events. It checks nothing, keeps nothing, and can't catch up after a lost connection.
 */
import type { ServerResponse } from 'node:http';
import { fastify } from 'fastify';
import { Client } from 'pg';

async function main(): Promise<void> {
  const clients = new Map<string, Set<ServerResponse>>();
  let id = 0;

  const database = new Client();
  await database.connect();
  database.on('notification', ({ payload = '' }) => {
    const [orderId = '', status] = payload.split(' ');
    id += 1;
    const event = `id: ${id}\ndata: ${JSON.stringify({ status })}\n\n`;
    for (const client of clients.get(orderId) ?? []) client.write(event);
  });
  await database.query('LISTEN bench_stream');

  const app = fastify();
  app.get<{ Params: { order: string } }>('/stream/:order', (request, reply) => {
    reply.hijack();
    reply.raw.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    reply.raw.write('retry: 3000\n\nid: 0\ndata: {"status":"pendente"}\n\n');
    const ofOrder = clients.get(request.params.order) ?? new Set();
    clients.set(request.params.order, ofOrder.add(reply.raw));
    reply.raw.once('close', () => ofOrder.delete(reply.raw));
  });
  console.log(`listening on ${await app.listen({ host: '127.0.0.1', port: 0 })}`);
}

void main();
