import { NestFactory } from '@nestjs/core';
import { AppmaxClient, AppmaxModule } from '../appmax';
import { AppCache } from '../cache';
import { type Config, ConfigurationError, loadCommandConfig, startWarnings } from '../config';
import { checkDatabase } from './doctor/check-database';
import { addressesFinding, checkFirstSteps } from './doctor/check-first-steps';
import { checkCache, checkClock, checkToken, PartsWithoutDatabase } from './doctor/check-others';
import { checkPublicUrl } from './doctor/check-service';
import { CHECKS, failed, type Finding, ok, skipped, warning } from './doctor/finding';
import { DOCTOR_USAGE, withoutArguments } from './support/arguments';
import { type Report, runCommandLine } from './support/command-line';
import { StandardErrorLogger } from './support/standard-error-logger';

/** `npm run doctor`: checks everything that the service needs, and says what to do about each failure. */
void runCommandLine({
  usage: DOCTOR_USAGE,
  parse: withoutArguments,
  run: async () => reportOf(await examine()),
});

async function examine(): Promise<Finding[]> {
  let config: Config;
  try {
    config = loadCommandConfig();
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    const advice = 'Correct it in the environment or in .env; .env.example explains each variable';
    return [
      ...error.faults.map((fault) => failed('settings', fault, advice)),
      ...CHECKS.slice(1).map((check) => skipped(check, 'the settings are not valid')),
    ];
  }
  const warnings = startWarnings(config);
  const [{ findings, clockAheadSeconds, firstSteps }, service, others] = await Promise.all([
    checkDatabase(config.database),
    checkPublicUrl(config),
    checkParts(config),
  ]);
  return [
    ...(warnings.length === 0 ? [ok('settings', `valid, APP_ENV=${config.environment}`)] : []),
    ...warnings.map((text) =>
      warning('settings', text, 'Set it, or accept the risk; docs/operations.md says more'),
    ),
    ...findings,
    checkClock(clockAheadSeconds),
    ...service,
    ...others,
    addressesFinding(config),
    ...checkFirstSteps(firstSteps),
  ].sort((left, right) => CHECKS.indexOf(left.check) - CHECKS.indexOf(right.check));
}

async function checkParts(config: Config): Promise<Finding[]> {
  const parts = await NestFactory.createApplicationContext(PartsWithoutDatabase.forRoot(config), {
    logger: new StandardErrorLogger({ logLevels: ['warn', 'error'] }),
    abortOnError: false,
  });
  try {
    return await Promise.all([
      checkCache(parts.get(AppCache), config),
      checkToken(parts.select(AppmaxModule).get(AppmaxClient), config.appmax),
    ]);
  } finally {
    await parts.close();
  }
}

function reportOf(findings: readonly Finding[]): Report {
  const failures = findings.filter(({ state }) => state === 'failed').length;
  return {
    lines: findings.flatMap(({ check, state, text, advice }) => [
      `${state.padEnd(8)} ${check.padEnd(15)} ${text.replaceAll('\n', `\n${' '.repeat(25)}`)}`,
      ...(advice === undefined ? [] : [`${' '.repeat(25)}→ ${advice}`]),
    ]),
    data: { checks: findings },
    failure: failures === 0 ? undefined : `${failures} failed`,
  };
}
