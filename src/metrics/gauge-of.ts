import { Logger } from '@nestjs/common';
import { Gauge, type Registry } from 'prom-client';
import { orUndefined } from '../common/or-undefined';

/** Numbers that stand somewhere already, by the state that they are numbers of. */
export interface GaugeSource {
  readonly name: string;
  readonly help: string;
  /** Reads the numbers, each time that somebody asks for the metrics. */
  readonly read: () => Readings | Promise<Readings>;
}

type Readings = Readonly<Record<string, number>>;

/** Registers a gauge that is read when it is asked for. One that can't be read in time has no value: the others have theirs. */
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
