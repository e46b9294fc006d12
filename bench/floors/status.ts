import 'reflect-metadata';
import { Controller, Get, Module, NotFoundException, Param } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Pool } from 'pg';

/** As many connections as the service has by default. */
const CONNECTIONS = 25;

const pool = new Pool({ max: CONNECTIONS });

/** The least route that answers an order's status: one prepared SELECT. PGHOST and the like say where. */
@Controller()
class FloorController {
  @Get('checkout/:key/status/:order_id')
  async status(
    @Param('key') key: string,
    @Param('order_id') orderId: string,
  ): Promise<{ status: string | undefined }> {
    const { rows } = await pool.query<{ status: string }>({
      name: 'status',
      text: `SELECT o.status FROM installations i JOIN orders o ON o.installation_id = i.id
             WHERE i.external_key = $1 AND o.appmax_order_id = $2`,
      values: [key, Number(orderId)],
    });
    if (rows[0] === undefined) throw new NotFoundException();
    return { status: rows[0].status };
  }
}

@Module({ controllers: [FloorController] })
class FloorModule {}

async function main(): Promise<void> {
  const app = await NestFactory.create<NestFastifyApplication>(FloorModule, new FastifyAdapter(), {
    logger: false,
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  console.log(`listening on ${await app.getUrl()}`);
}

void main();
