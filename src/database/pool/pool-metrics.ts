import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import { gaugeOf } from '../../metrics';
import { poolOf } from './watch-pool';

/** The metrics of the database pool: connections at work, idle connections, and requests that wait for one. */
@Injectable()
export class PoolMetrics {
  constructor(registry: Registry, @InjectDataSource() dataSource: DataSource) {
    gaugeOf(registry, {
      name: 'database_connections',
      help: 'Connections of the pool that are at work or idle, and requests that wait for a connection',
      read: () => {
        const { totalCount: total, idleCount: idle, waitingCount: waiting } = poolOf(dataSource);
        return { 'at work': total - idle, idle, 'waited for': waiting };
      },
    });
  }
}
