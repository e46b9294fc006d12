import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Registry } from 'prom-client';

/** What Node tells of its process: memory, processor time, the event loop's delay. */
@Injectable()
export class ProcessMetrics {
  constructor(registry: Registry) {
    collectDefaultMetrics({ register: registry });
  }
}
