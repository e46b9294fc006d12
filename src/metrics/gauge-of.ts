import { Logger } from '@nestjs/common';
import { Gauge, type Registry } from 'prom-client';

/** Numbers that stand somewhere already, by the state that they are numbers of. */
export interface GaugeSource {
  readonly name: string;
  readonly help: string;
  /** Reads the numbers, each time that somebody asks for the metrics. */
  readonly read: () => Readings | Promise<Readings>;
}

type Readings = Readonly<Record<string, number>>;

/** Registers a gauge that is read when it is asked for. One that can't be read then has no value: the others have theirs. */
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
        try {
          for (const [state, value] of Object.entries(await read())) this.set({ state }, value);
        } catch (error) {
          logger.warn(
            `${name} could not be read (${error instanceof Error ? error.message : String(error)})`,
          );
        }
      },
    }),
  );
}
