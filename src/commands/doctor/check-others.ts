import { setTimeout as sleep } from 'node:timers/promises';
import { type DynamicModule, Module } from '@nestjs/common';
import { AppmaxClient, AppmaxFailure, AppmaxModule } from '../../appmax';
import { AppCache, CacheModule } from '../../cache';
import { SecretsModule } from '../../common/secrets/secrets.module';
import { type AppmaxConfig, type Config, ConfigModule } from '../../config';
import { MetricsModule } from '../../metrics';
import { failed, type Finding, ok, skipped, warning } from './finding';

const CONNECT_ATTEMPTS = 12;
const CONNECT_INTERVAL_MILLISECONDS = 250;

/** Clocks that differ by less do no harm: the shortest lease has 20 s. */
const TOLERATED_SECONDS = 5;

/** The parts of the service that need no database: the cache, and the calls to Appmax. */
@Module({})
export class PartsWithoutDatabase {
  static forRoot(config: Config): DynamicModule {
    return {
      module: PartsWithoutDatabase,
      imports: [
        ConfigModule.forRoot(config),
        SecretsModule.forRoot({
          keys: { current: config.appKey, previous: config.previousAppKeys },
          acceptsUnsealed: config.acceptsUnsealed,
        }),
        MetricsModule,
        CacheModule,
        AppmaxModule,
      ],
    };
  }
}

/** Checks that the cache answers and can be written. Waits up to 3 s for the connection. */
export async function checkCache(
  cache: AppCache,
  config: Pick<Config, 'cache' | 'environment'>,
): Promise<Finding> {
  const { driver, host, port, sentinel } = config.cache;
  const redis =
    sentinel === undefined
      ? `Redis at ${host}:${port}`
      : `The Redis that the Sentinels call ${sentinel.master}`;
  if (driver === 'memory')
    return config.environment === 'production'
      ? warning('cache', 'the memory of each instance', 'With several instances, set CACHE_DRIVER=redis')
      : ok('cache', 'the memory of the service');
  for (let attempt = 0; attempt < CONNECT_ATTEMPTS; attempt += 1) {
    if (await cache.isReachable()) return ok('cache', `${redis} answers and takes writes`);
    await sleep(CONNECT_INTERVAL_MILLISECONDS);
  }
  return failed(
    'cache',
    `${redis} can't be reached or takes no writes; a warning above may say why`,
    sentinel === undefined
      ? 'Start Redis, correct REDIS_HOST, REDIS_PORT, REDIS_USERNAME, REDIS_PASSWORD and REDIS_TLS, or set CACHE_DRIVER=memory for one instance'
      : 'Start Redis and its Sentinels, or correct the REDIS_SENTINEL settings, REDIS_USERNAME, REDIS_PASSWORD and REDIS_TLS',
  );
}

/** Checks that the clock of this machine is that of PostgreSQL. @param aheadSeconds undefined if it is not known. */
export function checkClock(aheadSeconds: number | undefined): Finding {
  if (aheadSeconds === undefined) return skipped('clock', 'the database can not be used');
  const seconds = Math.abs(aheadSeconds).toFixed(1);
  if (Math.abs(aheadSeconds) <= TOLERATED_SECONDS)
    return ok('clock', `differs from PostgreSQL's by ${seconds} s`);
  return failed(
    'clock',
    `this machine is ${seconds} s ${aheadSeconds > 0 ? 'ahead of' : 'behind'} PostgreSQL`,
    'Synchronise both machines by NTP, such as: timedatectl set-ntp true',
  );
}

/** Checks that Appmax gives the app a token. */
export async function checkToken(appmax: AppmaxClient, config: AppmaxConfig): Promise<Finding> {
  const { clientId, clientSecret, authUrl, environment } = config;
  if (clientId === undefined || clientSecret === undefined)
    return failed(
      "Appmax's token",
      'APPMAX_CLIENT_ID or APPMAX_CLIENT_SECRET is not set',
      'Register the app at Appmax with the addresses of the home page; Appmax sends the values by email',
    );
  try {
    if (await appmax.acceptsCredentials({ clientId, clientSecret }))
      return ok("Appmax's token", `${authUrl} (${environment}) gives one`);
    return failed(
      "Appmax's token",
      `${authUrl} (${environment}) refuses the credentials of the app`,
      'Correct APPMAX_CLIENT_ID and APPMAX_CLIENT_SECRET: those of the sandbox do not work in production',
    );
  } catch (error) {
    if (!(error instanceof AppmaxFailure)) throw error;
    return failed(
      "Appmax's token",
      `${authUrl} gives none (${error.message})`,
      'Check the connection to the internet and APPMAX_AUTH_URL; if they are right, Appmax has a failure: try again later',
    );
  }
}
