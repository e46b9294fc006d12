import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Registry } from 'prom-client';

/** Registers the metrics of the Node process: memory, CPU time, delay of the event loop. */
@Injectable()
export class ProcessMetrics {
  constructor(registry: Registry) {
    collectDefaultMetrics({ register: registry });
  }
}
