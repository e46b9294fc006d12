import type { Config } from './config';

/** Lists the warnings about a valid configuration, for the log at start. */
export function startWarnings({
  environment,
  publicUrl,
  trustProxy,
  rateLimit,
  storefrontOrders,
  webhookToken,
}: Pick<
  Config,
  'environment' | 'publicUrl' | 'trustProxy' | 'rateLimit' | 'storefrontOrders' | 'webhookToken'
>): string[] {
  const warnings: string[] = [];
  if (publicUrl.startsWith('https:') && trustProxy === false && rateLimit)
    warnings.push(
      'TRUST_PROXY is not set, but APP_URL is https: behind a proxy all shoppers have its address and share one rate limit',
    );
  if (environment === 'production' && storefrontOrders === 'ids')
    warnings.push(
      'STOREFRONT_ORDERS=ids: anyone can read the status of any order by its id, and set the price of a new order. Use tokens if your pages send order_token, or sessions if your server makes the orders',
    );
  if (environment === 'production' && webhookToken === undefined)
    warnings.push(
      'WEBHOOK_TOKEN is not set: anyone can send webhooks, which are stored and verified at Appmax',
    );
  return warnings;
}
