import type { Answer } from './http';
import { SECRET_KEY, type TestService } from './service';
import type { TestSimulator } from './simulator';

export const CPF = '52998224725';

export const CUSTOMER = {
  first_name: 'Marina',
  last_name: 'Souza',
  email: 'marina.souza@example.com',
  phone: '11988887777',
  document_number: CPF,
};

/** An order of R$ 149.90 + R$ 15.00 shipping − R$ 5.00 discount, in cents. */
export const ORDER = {
  products_value: 14990,
  shipping_value: 1500,
  discount_value: 500,
  products: [{ sku: 'CAM-01', name: 'Camiseta', quantity: 1, unit_value: 14990 }],
};
export const ORDER_TOTAL = 15990;

/** Returns a card payment with one of the sandbox's cards. */
export function cardPayment(number = '4000000000000010'): Record<string, unknown> {
  return {
    number,
    cvv: '123',
    expiration_month: '12',
    expiration_year: '2030',
    holder_name: 'MARINA SOUZA',
    holder_document_number: CPF,
  };
}

/** Installs a merchant through the browser flow. @returns the callback's response. */
export async function install(service: TestService, simulator: TestSimulator, key: string): Promise<Answer> {
  const callback = await consent(service, simulator, key);
  return service.send('GET', callback);
}

/** Runs an installation up to the merchant's consent. @returns the path of the redirect to the callback. */
export async function consent(service: TestService, simulator: TestSimulator, key: string): Promise<string> {
  const start = await startInstallation(service, simulator, key, SECRET_KEY);
  return consentOn(simulator, start);
}

/** Starts an installation, with or without a secret key. @returns the response: a redirect to Appmax's consent page. */
export function startInstallation(
  service: TestService,
  simulator: TestSimulator,
  key: string,
  secretKey?: string,
): Promise<Answer> {
  const query = new URLSearchParams({ app_id: simulator.appIdUuid, external_key: key }).toString();
  const path = `/install/start?${query}`;
  return service.send('GET', path, secretKey === undefined ? {} : { secretKey });
}

/** Consents on the page to which a start has redirected. @returns the callback's path. */
export async function consentOn(simulator: TestSimulator, start: Answer): Promise<string> {
  const page = new URL(start.headers.get('location') ?? '');
  const saved = await simulator.send('POST', page.pathname);
  const callback = new URL(saved.headers.get('location') ?? '');
  return `${callback.pathname}${callback.search}`;
}
