import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { payPage, payPagePolicy } from '../../src/checkout/pay-page/pay-page';
import { readerLanguage } from '../../src/common/http/preferences';
import { WEB_PATH, WebFiles } from '../../src/common/http/web-files';

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
/** The total of a card in three installments. */
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
      card: { external_id: externalId, environment: 'sandbox', script_url: this.scriptUrl },
    };
  }

  /** Completes the session and tells the pages that follow it. */
  complete(): void {
    Object.assign(this.view, { status: 'completed', order_id: ORDER_ID, order_status: 'aprovado' });
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
      status: { status: this.view['status'], order_status: this.view['order_status'] },
      installments: [
        { installments: 1, value: TOTAL, total_value: TOTAL },
        { installments: 2, value: TOTAL / 2, total_value: TOTAL },
        { installments: 3, value: 5650, total_value: PLAN_TOTAL },
      ],
    };
    const [, , session, name = ''] = pathname.split('/');
    if (session !== this.id) json(response, 404, { message: 'session not found', code: 'session_not_found' });
    else if (name === 'stream') {
      response
        .writeHead(200, { 'content-type': 'text/event-stream' })
        .write('data: {"status":"pendente"}\n\n');
      this.streams.push(response);
    } else json(response, 200, answers[name]);
  }

  private async pay(request: IncomingMessage, response: ServerResponse, method: string): Promise<void> {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const key = request.headers['idempotency-key']?.toString();
    this.sent.push({ method, key, body: JSON.parse(text) as Sent['body'] });
    await new Promise((resolve) => setTimeout(resolve, this.delayMilliseconds));
    const answer = this.isOffline ? null : this.answers.shift();
    if (answer === null) request.socket.destroy();
    else if (answer !== undefined) json(response, answer.status, answer.body);
    else this.accept(response, method);
  }

  private accept(response: ServerResponse, method: string): void {
    if (method === 'credit-card') {
      this.complete();
      json(response, 200, { order_id: ORDER_ID, status: 'aprovado', total_value: PLAN_TOTAL });
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
    json(response, 200, { order_id: ORDER_ID, ...code });
  }
}

/** A PNG of one pixel. */
const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';
const LINE = '99990.00005 00000.000109 00000.000208 1 12340000015990';

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
