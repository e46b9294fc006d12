/**
 * The least durable receiver of webhooks: a Nest application on Fastify with one route, which inserts all bodies that came
 * while the last statement was under way, by one prepared statement into a table without triggers.
 */
import { type AddressInfo } from 'node:net';
import { Body, Controller, HttpCode, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Pool } from 'pg';

const INSERT = {
  name: 'insert_events',
  text: `INSERT INTO floor_webhook_events (event, event_type, appmax_order_id, payload)
         SELECT * FROM unnest($1::varchar[], $2::varchar[], $3::integer[], $4::json[])`,
};

interface Delivery {
  readonly event: string;
  readonly event_type: string;
  readonly data: { readonly order_id: number };
}

interface Waiting {
  readonly body: Delivery;
  readonly done: () => void;
  readonly fail: (error: unknown) => void;
}

const pool = new Pool();
let waiting: Waiting[] = [];
let isInserting = false;

async function insertWaiting(): Promise<void> {
  if (isInserting || waiting.length === 0) return;
  const group = waiting;
  waiting = [];
  isInserting = true;
  try {
    await pool.query({
      ...INSERT,
      values: [
        group.map(({ body }) => body.event),
        group.map(({ body }) => body.event_type),
        group.map(({ body }) => body.data.order_id),
        group.map(({ body }) => JSON.stringify(body)),
      ],
    });
    for (const { done } of group) done();
  } catch (error) {
    for (const { fail } of group) fail(error);
  }
  isInserting = false;
  void insertWaiting();
}

@Controller('webhooks/appmax')
class FloorController {
  @Post()
  @HttpCode(200)
  async receive(@Body() body: Delivery): Promise<{ message: string }> {
    await new Promise<void>((done, fail) => {
      waiting.push({ body, done, fail });
      void insertWaiting();
    });
    return { message: 'ok' };
  }
}

@Module({ controllers: [FloorController] })
class FloorModule {}

async function main(): Promise<void> {
  await pool.query(`
    CREATE TABLE floor_webhook_events (
      id BIGSERIAL PRIMARY KEY,
      event VARCHAR(64) NOT NULL,
      event_type VARCHAR(32) NOT NULL,
      appmax_order_id INTEGER,
      payload JSON NOT NULL,
      created_at TIMESTAMP DEFAULT NOW())`);
  const app = await NestFactory.create<NestFastifyApplication>(FloorModule, new FastifyAdapter(), {
    logger: false,
  });
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  console.log(`listening on http://127.0.0.1:${port}`);
}

process.once('SIGTERM', () => process.exit(0));
void main();
