import { Logger } from '@nestjs/common';
import { Gauge, type Registry } from 'prom-client';
import { orUndefined } from '../common/with-timeout';

/** A gauge whose values, one per state, are read from elsewhere, such as the database. */
export interface GaugeSource {
  readonly name: string;
  readonly help: string;
  /** Reads the values; called for each request for the metrics. */
  readonly read: () => Readings | Promise<Readings>;
}

type Readings = Readonly<Record<string, number>>;

/** Registers a gauge that is read for each request for the metrics. If it cannot be read in time, it has no value. */
export function gaugeOf(registry: Registry, { name, help, read }: GaugeSource): void {
  const logger = new Logger('Metrics');
  registry.registerMetric(
    new Gauge({
      name,
      help,
      labelNames: ['state'],
      registers: [],
      async collect() {
        this.reset();
        const readings = await orUndefined(Promise.resolve().then(read));
        if (readings === undefined) logger.warn(`${name} could not be read`);
        else for (const [state, value] of Object.entries(readings)) this.set({ state }, value);
      },
    }),
  );
}
