import { Injectable } from '@nestjs/common';
import { Gauge, Registry } from 'prom-client';
import { ReadinessService } from './readiness.service';

/** The state of each part of the service, as `/health/ready` has it, for alerts. */
@Injectable()
export class ReadinessMetrics {
  constructor(registry: Registry, readiness: ReadinessService) {
    registry.registerMetric(
      new Gauge({
        name: 'service_part_up',
        help: '1 if the part of the service works, 0 if not, as in /health/ready',
        labelNames: ['part'],
        registers: [],
        async collect() {
          // Takes 2 s at most.
          this.reset();
          const { database, migrations, cache, background } = await readiness.check();
          this.set({ part: 'database' }, database === 'up' ? 1 : 0);
          // While the database is down, the state of its migrations is not known.
          if (migrations !== 'unknown') this.set({ part: 'migrations' }, migrations === 'up to date' ? 1 : 0);
          this.set({ part: 'cache' }, cache === 'up' ? 1 : 0);
          this.set({ part: 'background' }, background === 'running' ? 1 : 0);
        },
      }),
    );
  }
}
