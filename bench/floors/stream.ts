/**
 * The floor of the stream: a bare Fastify application that sends PostgreSQL's notifications to its clients as
 * server-sent events, and changes an order in one statement that notifies. It checks nothing, keeps nothing, and can't
 * catch up after a lost connection.
 */
import type { ServerResponse } from 'node:http';
import { fastify } from 'fastify';
import { Client, Pool } from 'pg';

const CHANGE = {
  name: 'change',
  text: `WITH changed AS (
    UPDATE bench_stream_orders SET status = $2::text WHERE id = $1::int RETURNING id, status
  ) SELECT pg_notify('bench_stream', id || ' ' || status) FROM changed`,
};

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
  const pool = new Pool();
  app.post<{ Params: { order: string }; Body: { status: string } }>('/orders/:order', async (request) => {
    await pool.query({ ...CHANGE, values: [request.params.order, request.body.status] });
    return { message: 'ok' };
  });
  console.log(`listening on ${await app.listen({ host: '127.0.0.1', port: 0 })}`);
}

void main();
