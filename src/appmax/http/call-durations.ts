import { Injectable } from '@nestjs/common';
import { Histogram, Registry } from 'prom-client';
import { AppmaxFailure } from '../failures/appmax-failure';

/** Measures the duration and the outcome of calls to Appmax. */
@Injectable()
export class CallDurations {
  private readonly histogram: Histogram<'operation' | 'outcome'>;

  constructor(registry: Registry) {
    this.histogram = new Histogram({
      name: 'appmax_call_duration_seconds',
      help: 'Duration of calls to Appmax in seconds, by operation and outcome',
      labelNames: ['operation', 'outcome'],
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
      registers: [registry],
    });
  }

  /** Makes a call and records its outcome: `done`, or the kind of its failure. @throws the call's own errors. */
  async during<Value>(operation: string, call: () => Promise<Value>): Promise<Value> {
    const end = this.histogram.startTimer({ operation });
    try {
      const value = await call();
      end({ outcome: 'done' });
      return value;
    } catch (error) {
      end({ outcome: error instanceof AppmaxFailure ? error.kind : 'error' });
      throw error;
    }
  }
}
