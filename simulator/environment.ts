import { randomInt, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { randomHex } from './common/identifiers';
import { generations } from './settings/settings';

const optionalText = z
  .string()
  .optional()
  .transform((text) => (text === '' ? undefined : text));

const schema = z.object({
  SIMULATOR_HOST: optionalText.pipe(z.string().default('127.0.0.1')),
  SIMULATOR_PORT: optionalText.pipe(
    z
      .string()
      .regex(/^\d{1,5}$/, 'must be a port, 0 to 65535')
      .default('8090')
      .transform(Number)
      .refine((port) => port <= 65_535, 'must be a port, 0 to 65535'),
  ),
  SIMULATOR_API: optionalText.pipe(z.enum(generations, 'must be g1 or g2').default('g2')),
  SIMULATOR_APP_ID_UUID: optionalText.pipe(z.uuid('must be a UUID').default(() => randomUUID())),
  SIMULATOR_APP_ID_NUMERIC: optionalText.pipe(
    z
      .string()
      .regex(/^\d{1,15}$/, 'must be digits only, at most 15')
      .default(() => String(randomInt(1000, 1_000_000))),
  ),
  SIMULATOR_CLIENT_ID: optionalText.pipe(z.string().default(() => `app_${randomHex(8)}`)),
  SIMULATOR_CLIENT_SECRET: optionalText.pipe(z.string().default(() => randomHex(24))),
  SIMULATOR_SERVICE_URL: optionalText.pipe(
    z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }).default('http://127.0.0.1:8080'),
  ),
  SIMULATOR_WEBHOOK_URL: optionalText.pipe(
    z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }).optional(),
  ),
  SIMULATOR_UNKNOWN_EXTERNAL_IDS: optionalText.pipe(
    z.enum(['refuse', 'accept'], 'must be refuse or accept').default('refuse'),
  ),
});

/** The simulator's configuration, read once at start. */
export type SimulatorEnvironment = z.infer<typeof schema>;

/** Thrown when the environment is invalid. Its message has one line for each variable. */
export class EnvironmentError extends Error {}

/**
 * Reads the configuration. Missing credentials of the app are generated.
 * @throws EnvironmentError that names every invalid variable
 */
export function readEnvironment(variables: NodeJS.ProcessEnv): SimulatorEnvironment {
  const result = schema.safeParse(variables);
  if (result.success) return result.data;
  throw new EnvironmentError(
    result.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`).join('\n'),
  );
}
