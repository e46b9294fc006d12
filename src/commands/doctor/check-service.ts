import { isRecord } from '../../common/is-record';
import type { Config } from '../../config';
import { WEBHOOK_PATH } from '../../webhooks';
import { failed, type Finding, ok, reasonOf, skipped, warning } from './finding';

const TIMEOUT_MILLISECONDS = 5_000;
const LOCAL_HOST = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\]|.*\.local)$/;

/** Checks that the public address reaches a running service, also for a webhook. */
export async function checkPublicUrl(
  config: Pick<Config, 'environment' | 'publicUrl' | 'webhookToken'>,
): Promise<readonly Finding[]> {
  const url = await publicUrlOf(config);
  if (url.state === 'failed') return [url, skipped('webhook path', 'the public URL does not work')];
  return [url, await webhookPathOf(config)];
}

async function publicUrlOf({
  environment,
  publicUrl,
}: Pick<Config, 'environment' | 'publicUrl'>): Promise<Finding> {
  const { hostname, protocol } = new URL(publicUrl);
  const isLocal = LOCAL_HOST.test(hostname);
  if (environment === 'production' && (protocol === 'http:' || isLocal))
    return failed('public URL', `${publicUrl} is not an https address of the internet`, 'Set APP_URL to it');
  const answer = await ask(`${publicUrl}/health`);
  if (answer instanceof Error)
    return failed(
      'public URL',
      `${publicUrl} can't be reached: ${reasonOf(answer)}`,
      'Start the service, and check the DNS name, the certificate and the proxy, from this machine too',
    );
  if (answer.location !== null)
    return failed('public URL', `it redirects to ${answer.location}`, 'Set APP_URL to the final address');
  if (answer.status !== 200 || answer.body['status'] !== 'ok')
    return failed(
      'public URL',
      `${publicUrl}/health answers ${answer.status}, which is not the answer of the service`,
      'Let the proxy pass all paths to the service',
    );
  if (isLocal)
    return warning(
      'public URL',
      `${publicUrl} works only on this machine`,
      'Set APP_URL, or NGROK_URL for a tunnel, before Appmax has to call it',
    );
  return ok('public URL', `${publicUrl} reaches the service`);
}

/** Sends a webhook without an event: the service refuses it, and stores nothing. */
async function webhookPathOf({
  publicUrl,
  webhookToken,
}: Pick<Config, 'publicUrl' | 'webhookToken'>): Promise<Finding> {
  const address = `${publicUrl}/${WEBHOOK_PATH}`;
  const query = webhookToken === undefined ? '' : `?token=${encodeURIComponent(webhookToken)}`;
  const answer = await ask(`${address}${query}`, {
    method: 'POST',
    body: '{}',
    headers: { 'content-type': 'application/json' },
  });
  const shown = `POST ${address}${query && '?token=…'}`;
  if (answer instanceof Error)
    return failed(
      'webhook path',
      `${shown}: ${reasonOf(answer)}`,
      'Let the proxy pass POST requests to the service',
    );
  if (answer.status === 400 && typeof answer.body['code'] === 'string')
    return ok('webhook path', `${shown} reaches the service`);
  if (answer.status === 401)
    return failed(
      'webhook path',
      `${shown} is refused: the token is not that of the running service`,
      'Restart the service with this WEBHOOK_TOKEN, or let the proxy keep the query string',
    );
  if (answer.body['code'] === 'not_ready' || answer.body['code'] === 'database_unavailable')
    return failed(
      'webhook path',
      `${shown}: the service is not ready`,
      'See the database and the migrations above',
    );
  return failed(
    'webhook path',
    `${shown} answers ${answer.status}, which is not the answer of the service`,
    'Let the proxy and the firewall pass POST requests with JSON to the service',
  );
}

interface ShortAnswer {
  readonly status: number;
  readonly location: string | null;
  readonly body: Readonly<Record<string, unknown>>;
}

async function ask(url: string, options: RequestInit = {}): Promise<ShortAnswer | Error> {
  try {
    const response = await fetch(url, {
      ...options,
      headers: { accept: 'application/json', ...options.headers },
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
    });
    const text = await response.text();
    return { status: response.status, location: response.headers.get('location'), body: jsonOf(text) };
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function jsonOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}
