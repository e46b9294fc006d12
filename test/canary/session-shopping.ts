import { randomUUID } from 'node:crypto';
import type { CanaryCaller } from './caller';
import { APPROVED, type Canary, card, CPF, HOLDER_CPF, secretText, SHOPPER } from './canaries';

const ITEMS = [{ sku: 'CAM-01', name: 'Camiseta', quantity: 2, unit_value: 7495 }];
const SESSIONS = '/checkout/:key/sessions';

/** Makes the requests of checkout sessions: of the shop, and of the payment page. */
export class SessionShopping {
  /** @param held the known secrets; new ones are added to it. */
  constructor(
    private readonly caller: CanaryCaller,
    private readonly held: Canary[],
  ) {}

  /** Makes every kind of request once. A failed one does not stop the others. */
  async useEveryRoute(): Promise<void> {
    await this.payByCode(await this.make({ customer: SHOPPER }));
    await this.payByCard(await this.make({ success_url: 'https://loja.example/obrigado' }));
    await this.caller.call(`GET ${SESSIONS}`);
  }

  private async make(changes: object): Promise<string> {
    const body = { items: ITEMS, reference: randomUUID(), ...changes };
    const made = await this.caller.call(`POST ${SESSIONS}`, { body });
    return (made.body['id'] as string | undefined) ?? 'none';
  }

  private async payByCode(session: string): Promise<void> {
    await this.watch(session);
    const body = { document_number: CPF };
    const headers = (): Record<string, string> => ({ 'idempotency-key': `${CPF}-${randomUUID()}` });
    await this.caller.call('POST /pay/:session/pix', { session, body, headers: headers() });
    await this.caller.call('POST /pay/:session/boleto', { session, body, headers: headers() });
    await (await this.caller.stream('GET /pay/:session/stream', { session })).close();
    await this.watch(session);
    await this.caller.call(`GET ${SESSIONS}/:id`, { eventId: session });
    await this.caller.call(`POST ${SESSIONS}/:id/expire`, { eventId: session, body: {} });
  }

  private async payByCard(session: string): Promise<void> {
    const except: Canary[] = [];
    const made = await this.caller.call('POST /checkout/:key/tokenize', { body: card(APPROVED), except });
    const token = typeof made.body['token'] === 'string' ? made.body['token'] : 'none';
    // Only the answer to this call may contain the token.
    if (token !== 'none') except.push(secretText("a card's token", token));
    this.held.push(...except);
    const payment = { token, holder_name: 'ZENAIDE CANARINHO', holder_document_number: HOLDER_CPF };
    await this.caller.call('POST /pay/:session/credit-card', {
      session,
      body: { customer: SHOPPER, payment },
      headers: { 'idempotency-key': randomUUID() },
    });
    await this.watch(session);
  }

  private async watch(session: string): Promise<void> {
    for (const path of ['', '/view', '/status', '/installments'])
      await this.caller.call(`GET /pay/:session${path}`, { session });
    const { text } = await this.caller.call('GET /pay/:session', { session });
    const file = /\/web\/([\w.-]+\.js)/.exec(text)?.[1];
    await this.caller.call('GET /web/:file', { file });
  }
}
