import { z } from 'zod';
import { type Merchant } from '../merchants/merchant';
import { type MerchantCredentials } from '../merchants/merchant-credentials';
import { type MerchantStore } from '../merchants/merchant-store';
import { type Generation, type Settings } from '../settings/settings';
import { type WebhookTransport } from '../webhooks/webhook-transport';

const TIMEOUT_MILLISECONDS = 5000;

const answerSchema = z.object({ external_id: z.uuid() });

/** The input of a health check. */
export interface HealthCheck {
  readonly settings: Settings;
  readonly transport: WebhookTransport;
  readonly merchants: MerchantStore;
  /** The app's numeric id, as digits. */
  readonly appId: string;
  readonly generation: Generation;
  readonly merchant: Merchant;
  readonly credentials: MerchantCredentials;
}

/** The result of a health check. */
export interface HealthCheckResult {
  readonly passed: boolean;
  /** The reason for a failure, as text; empty if it passed. */
  readonly reason: string;
}

/** Builds the body of the callback. G1 sends the app id as text; G2 sends a number and can omit the other fields. */
export function healthCheckBody(
  check: Omit<HealthCheck, 'transport' | 'merchants'>,
): Record<string, unknown> {
  const { settings, appId, generation, merchant, credentials } = check;
  const app_id = generation === 'g1' ? appId : Number(appId);
  if (generation === 'g2' && settings.health_check_body === 'app_id') return { app_id };
  const keys = { app_id, external_key: merchant.externalKey, client_key: merchant.externalKey };
  if (generation === 'g2' && settings.health_check_body === 'keys') return keys;
  return { ...keys, client_id: credentials.clientId, client_secret: credentials.clientSecret };
}

function externalIdOf(answer: string): string | null {
  try {
    const result = answerSchema.safeParse(JSON.parse(answer));
    return result.success ? result.data.external_id : null;
  } catch {
    return null;
  }
}

/**
 * Calls the service's install callback. It passes with exactly 200 and an `external_id` within 5 seconds;
 * redirects are not followed.
 */
export async function checkHealth(check: HealthCheck): Promise<HealthCheckResult> {
  const { externalId, reason } = await askExternalId(check, healthCheckBody(check));
  if (externalId !== null) check.merchants.nameForBrowser(check.merchant, externalId, check.credentials);
  return { passed: externalId !== null, reason };
}

/**
 * Checks the service's install callback as Appmax's validator does before an app is published: two health checks with
 * placeholders, which must be answered with different UUIDs.
 */
export async function validateCallback(simulator: {
  readonly settings: Settings;
  readonly transport: WebhookTransport;
}): Promise<HealthCheckResult> {
  const bodyOf = (number: number): Record<string, unknown> => ({
    app_id: 'DEMO_APP_ID',
    external_key: `DEMO_EXTERNAL_KEY_${number}`,
    client_key: `DEMO_EXTERNAL_KEY_${number}`,
    client_id: 'DEMO_CLIENT_ID',
    client_secret: 'DEMO_CLIENT_SECRET',
  });
  const first = await askExternalId(simulator, bodyOf(1));
  const second = await askExternalId(simulator, bodyOf(2));
  const reason = first.reason || second.reason;
  if (reason === '' && first.externalId === second.externalId)
    return { passed: false, reason: 'answered the same external_id twice' };
  return { passed: reason === '', reason };
}

/** Sends a health check. @returns the external_id; null, with the reason, if the answer is not as it must be. */
async function askExternalId(
  { settings, transport }: Pick<HealthCheck, 'settings' | 'transport'>,
  body: Record<string, unknown>,
): Promise<{ externalId: string | null; reason: string }> {
  const url = `${settings.service_url.replace(/\/+$/, '')}/integrations/appmax/callback/install`;
  const result = await transport.post(url, JSON.stringify(body), TIMEOUT_MILLISECONDS);
  if (result.status === null) return { externalId: null, reason: result.error ?? 'no answer' };
  if (result.status !== 200) return { externalId: null, reason: `answered ${result.status} instead of 200` };
  const externalId = externalIdOf(result.answer);
  return { externalId, reason: externalId === null ? 'answered no external_id that is a UUID' : '' };
}
