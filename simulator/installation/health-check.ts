import { z } from 'zod';
import { type Merchant } from '../merchants/merchant';
import { type MerchantCredentials } from '../merchants/merchant-credentials';
import { type Generation, type Settings } from '../settings/settings';
import { type WebhookTransport } from '../webhooks/webhook-transport';

const TIMEOUT_MILLISECONDS = 5000;

const answerSchema = z.object({ external_id: z.uuid({ version: 'v4' }) });

/** The input of a health check. */
export interface HealthCheck {
  readonly settings: Settings;
  readonly transport: WebhookTransport;
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
export function healthCheckBody(check: Omit<HealthCheck, 'transport'>): Record<string, unknown> {
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
  const url = `${check.settings.service_url.replace(/\/+$/, '')}/integrations/appmax/callback/install`;
  const result = await check.transport.post(
    url,
    JSON.stringify(healthCheckBody(check)),
    TIMEOUT_MILLISECONDS,
  );
  if (result.status === null) return { passed: false, reason: result.error ?? 'no answer' };
  if (result.status !== 200) return { passed: false, reason: `answered ${result.status} instead of 200` };
  const externalId = externalIdOf(result.answer);
  if (externalId === null) return { passed: false, reason: 'answered no external_id that is a UUID v4' };
  check.merchant.externalId = externalId;
  return { passed: true, reason: '' };
}
