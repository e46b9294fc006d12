import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { payPage, payPagePolicy } from '../../src/checkout/pay-page/pay-page';
import { WEB_PATH, WebFiles } from '../../src/checkout/pay-page/web-files';
import { readerLanguage } from '../../src/common/http/preferences';

/** A payment that the page sent. */
export interface Sent {
  readonly method: string;
  readonly key: string | undefined;
  readonly body: Readonly<Record<string, unknown>>;
}

/** An answer to a payment; null: the connection is closed without one. */
export type PayAnswer = { readonly status: number; readonly body: Readonly<Record<string, unknown>> } | null;

const ORDER_ID = 4711;
export const TOTAL = 15_990;
/** The total of a card in three installments, unless a test changes it. */
const PLAN_TOTAL = 16_950;

/**
 * The payment page, as the service serves it, on the routes of a session that a test controls: the answers of payments, an
 * expired Pix, a lost connection.
 */
export class FakeSession {
  readonly id = 'cs_test';
  readonly sent: Sent[] = [];
  view: Record<string, unknown> = {};
  /** Answers of the next payments; without one a payment succeeds. */
  answers: PayAnswer[] = [];
  /** True: payments get no answer. */
  isOffline = false;
  /** Milliseconds before a payment is answered. */
  delayMilliseconds = 0;
  pixLifetimeSeconds = 1800;
  planTotal = PLAN_TOTAL;
  /** True: the installments are answered 502. */
  plansFail = false;
  /** The answers of finished payments, by their keys: a repetition gets the same answer. */
  private readonly finished = new Map<string, unknown>();
  private readonly files = new WebFiles();
  private readonly server: Server;
  private streams: ServerResponse[] = [];

  private constructor(private readonly scriptUrl: string) {
    this.server = createServer((request, response) => void this.handle(request, response));
  }

  /** @param scriptUrl the address of Appmax's browser script */
  static async start(scriptUrl: string): Promise<FakeSession> {
    const session = new FakeSession(scriptUrl);
    await new Promise<void>((resolve) => session.server.listen(0, '127.0.0.1', resolve));
    return session;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get url(): string {
    return `${this.origin}/pay/${this.id}`;
  }

  reset(externalId: string): void {
    this.sent.length = 0;
    this.answers = [];
    this.isOffline = false;
    this.delayMilliseconds = 0;
    this.pixLifetimeSeconds = 1800;
    this.planTotal = PLAN_TOTAL;
    this.plansFail = false;
    this.finished.clear();
    this.view = {
      id: this.id,
      status: 'open',
      items: [{ name: 'Camiseta azul', quantity: 1, unit_value: 14_990 }],
      products_value: 14_990,
      shipping_value: 1500,
      discount_value: 500,
      total_value: TOTAL,
      methods: ['credit_card', 'pix', 'boleto'],
      max_installments: 3,
      success_url: `${this.origin}/thanks?session_id=${this.id}`,
      cancel_url: `${this.origin}/cart`,
      customer: { first_name: 'Marina' },
      missing_fields: ['last_name', 'email', 'phone', 'document_number'],
      typed_fields: [],
      payment_under_way: false,
      card: { external_id: externalId, environment: 'sandbox', script_url: this.scriptUrl },
    };
  }

  /** Completes the session and tells the pages that follow it. */
  complete(): void {
    Object.assign(this.view, {
      status: 'completed',
      order_id: ORDER_ID,
      order_status: 'aprovado',
      payment_under_way: false,
    });
    delete this.view['pix'];
    delete this.view['boleto'];
    for (const stream of this.streams) stream.write('data: {"status":"aprovado"}\n\n');
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '', this.origin);
    if (pathname.startsWith(`${WEB_PATH}/`)) {
      const { type, content } = await this.files.find(pathname.slice(WEB_PATH.length + 1));
      response.writeHead(200, { 'content-type': type }).end(content.bytes);
    } else if (pathname === `/pay/${this.id}` || pathname === '/pay/cs_unknown') {
      const policy = payPagePolicy({ scriptUrl: this.scriptUrl, environment: 'sandbox' });
      const accepted = searchParams.get('lang') ?? request.headers['accept-language'];
      const page = payPage(
        pathname.slice(5),
        this.files.pageFiles('checkout/main.tsx'),
        readerLanguage(accepted) ?? 'pt-BR',
      );
      response
        .writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy })
        .end(page);
    } else if (!pathname.startsWith('/pay/')) {
      response
        .writeHead(200, { 'content-type': 'text/html' })
        .end('<!doctype html><title>Shop</title><h1>Shop</h1>');
    } else if (request.method === 'POST') await this.pay(request, response, pathname.split('/').at(-1) ?? '');
    else this.read(response, pathname);
  }

  private read(response: ServerResponse, pathname: string): void {
    const answers: Readonly<Record<string, unknown>> = {
      view: this.view,
      status: {
        status: this.view['status'],
        order_status: this.view['order_status'],
        payment_under_way: this.view['payment_under_way'],
      },
      installments: [
        { installments: 1, value: TOTAL, total_value: TOTAL },
        { installments: 2, value: TOTAL / 2, total_value: TOTAL },
        { installments: 3, value: this.planTotal / 3, total_value: this.planTotal },
      ],
    };
    const [, , session, name = ''] = pathname.split('/');
    if (session !== this.id) json(response, 404, { message: 'session not found', code: 'session_not_found' });
    else if (name === 'stream') {
      response
        .writeHead(200, { 'content-type': 'text/event-stream' })
        .write('data: {"status":"pendente"}\n\n');
      this.streams.push(response);
    } else if (name === 'installments' && this.plansFail)
      json(response, 502, { message: 'failed', code: 'failed_to_fetch_installments' });
    else json(response, 200, answers[name]);
  }

  private async pay(request: IncomingMessage, response: ServerResponse, method: string): Promise<void> {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const key = request.headers['idempotency-key']?.toString();
    const sent = { method, key, body: JSON.parse(text) as Sent['body'] };
    this.sent.push(sent);
    await new Promise((resolve) => setTimeout(resolve, this.delayMilliseconds));
    const answer = this.isOffline ? null : this.answers.shift();
    if (answer === null) {
      request.socket.destroy();
      return;
    }
    this.keepCustomer(sent);
    if (answer === undefined) this.accept(response, sent);
    else {
      if (answer.status !== 409)
        this.view['payment_under_way'] = answer.body['code'] === 'payment_outcome_unknown';
      json(response, answer.status, answer.body);
    }
  }

  /** Details that a payment has sent are no longer missing, and can be corrected. */
  private keepCustomer({ body }: Sent): void {
    const names = Object.keys(body['customer'] ?? {});
    const [missing, typed] = ['missing_fields', 'typed_fields'].map((name) => this.view[name] as string[]);
    this.view['missing_fields'] = missing?.filter((name) => !names.includes(name));
    this.view['typed_fields'] = [...new Set([...(typed ?? []), ...names])];
  }

  private accept(response: ServerResponse, { method, key = '', body }: Sent): void {
    const earlier = this.finished.get(key);
    if (earlier !== undefined) {
      json(response, 200, earlier);
      return;
    }
    this.view['payment_under_way'] = false;
    if (method === 'credit-card') {
      const payment = body['payment'] as { readonly installments: number; readonly total_value?: number };
      const total = payment.installments === 3 ? this.planTotal : TOTAL;
      if (payment.total_value !== undefined && payment.total_value !== total) {
        json(response, 409, { message: 'price changed', code: 'price_changed' });
        return;
      }
      this.complete();
      this.finished.set(key, { order_id: ORDER_ID, status: 'aprovado', total_value: total });
      json(response, 200, this.finished.get(key));
      return;
    }
    const code =
      method === 'pix'
        ? {
            qr_code: PIXEL,
            emv: `00020126580014br.gov.bcb.pix-${this.sent.length}`,
            expires_at: new Date(Date.now() + this.pixLifetimeSeconds * 1000).toISOString(),
          }
        : { pdf_url: `${this.origin}/boleto.pdf`, digitavel: LINE, due_at: '2030-01-10T03:00:00.000Z' };
    this.view[method] = code;
    this.finished.set(key, { order_id: ORDER_ID, ...code });
    json(response, 200, this.finished.get(key));
  }
}

/** A PNG of one pixel. */
const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';
const LINE = '99990.00005 00000.000109 00000.000208 1 12340000015990';

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
