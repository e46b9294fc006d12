import { Injectable } from '@nestjs/common';
import { orApiError } from '../../appmax';
import { markSession } from '../../common/http/request-context';
import { InstallationsService, type Merchant } from '../../installations';
import { orderNotFound, OrdersService } from '../../orders';
import { OpenCodes } from '../../payments';
import type { InstallmentAnswer } from '../answers';
import { CardsService } from '../cards/cards.service';
import { InstallmentPlans } from '../cards/installment-plans';
import { methodNotAllowed } from './errors';
import type { SessionStatusAnswer, SessionViewAnswer } from './page-answers';
import type { SessionRow } from './session';
import { SessionsService } from './sessions.service';
import { ShopperData } from './shopper-data';

/** Shows a session to its page. */
@Injectable()
export class SessionViewService {
  constructor(
    private readonly sessions: SessionsService,
    private readonly installations: InstallationsService,
    private readonly orders: OrdersService,
    private readonly codes: OpenCodes,
    private readonly cards: CardsService,
    private readonly plans: InstallmentPlans,
    private readonly shoppers: ShopperData,
  ) {}

  async view(publicId: string): Promise<SessionViewAnswer> {
    const row = await this.sessions.find(publicId);
    const known = this.shoppers.known(row);
    const [codes, card] = await Promise.all([this.openCodes(row), this.card(row)]);
    return {
      id: row.public_id,
      ...statusOf(row),
      items: row.items.map(({ name, quantity, unit_value, image_url }) => ({
        name,
        quantity,
        unit_value,
        ...(image_url === undefined ? {} : { image_url }),
      })),
      products_value: row.products_cents,
      shipping_value: row.shipping_cents,
      discount_value: row.discount_cents,
      total_value: row.total_cents,
      methods: row.methods,
      max_installments: row.max_installments,
      ...(row.locale === null ? {} : { locale: row.locale }),
      ...(row.success_url === null ? {} : { success_url: withSession(row.success_url, publicId) }),
      ...(row.cancel_url === null ? {} : { cancel_url: withSession(row.cancel_url, publicId) }),
      expires_at: row.expires_at.toISOString(),
      created_at: row.created_at.toISOString(),
      customer: this.shoppers.masked(known),
      missing_fields: this.shoppers.missing(known),
      typed_fields: this.shoppers.typed(row),
      ...codes,
      ...card,
    };
  }

  async status(publicId: string): Promise<SessionStatusAnswer> {
    return statusOf(await this.sessions.find(publicId));
  }

  /** Lists the prices of the session in installments, sorted by their number. */
  async installments(publicId: string): Promise<InstallmentAnswer[]> {
    const row = await this.sessions.find(publicId);
    if (!row.methods.includes('credit_card')) throw methodNotAllowed();
    markSession(publicId);
    const merchant = await this.installations.getById(row.installation_id);
    return orApiError(this.pricesOf(row, merchant), 'failed to fetch installments');
  }

  /** Returns the total of the session in a number of installments; undefined if Appmax has no such plan. */
  async totalOf(row: SessionRow, merchant: Merchant, installments: number): Promise<number | undefined> {
    if (installments === 1) return row.total_cents;
    const prices = await orApiError(this.pricesOf(row, merchant), 'payment processing failed');
    return prices.find((price) => price.installments === installments)?.total_value;
  }

  /** Returns the order whose status the page watches. @throws ApiError 404 `order not found` before the first payment. */
  async streamedOrder(publicId: string): Promise<{ key: string; orderId: string }> {
    const row = await this.sessions.find(publicId);
    if (row.order_id === null) throw orderNotFound();
    const { externalKey } = await this.installations.getById(row.installation_id);
    return { key: externalKey, orderId: String(row.order_id) };
  }

  private async pricesOf(row: SessionRow, merchant: Merchant): Promise<InstallmentAnswer[]> {
    const request = { totalCents: row.total_cents, installments: row.max_installments };
    const plans = await this.plans.of(merchant, request);
    return plans
      .filter(({ count }) => count <= row.max_installments)
      .map(({ count, installmentCents, total }) => ({
        installments: count,
        value: installmentCents,
        total_value: total,
      }));
  }

  private async openCodes(row: SessionRow): Promise<Pick<SessionViewAnswer, 'pix' | 'boleto'>> {
    if (row.order_row_id === null || row.state === 'completed') return {};
    const order = await this.orders.getById(row.order_row_id);
    const codes = await this.codes.of(order);
    const { pixQrCode: qr, pixEmv: emv, boletoPdfUrl: pdf, boletoDigitavel: line } = order;
    const expiryOf = (method: string): string | null | undefined => {
      const code = codes.find((each) => each.method === method);
      return code === undefined ? undefined : (code.expiresAt?.toISOString() ?? null);
    };
    const [pix, boleto] = [expiryOf('pix'), expiryOf('boleto')];
    return {
      ...(pix === undefined || qr === null || emv === null
        ? {}
        : { pix: { qr_code: qr, emv, expires_at: pix } }),
      ...(boleto === undefined || pdf === null || line === null
        ? {}
        : { boleto: { pdf_url: pdf, digitavel: line, due_at: boleto } }),
    };
  }

  private async card(row: SessionRow): Promise<Pick<SessionViewAnswer, 'card'>> {
    if (!row.methods.includes('credit_card')) return {};
    const { externalKey } = await this.installations.getById(row.installation_id);
    return { card: await this.cards.browserConfig(externalKey) };
  }
}

function statusOf(row: SessionRow): SessionStatusAnswer {
  return {
    status: row.state,
    payment_under_way: row.payment_under_way,
    ...(row.order_id === null ? {} : { order_id: row.order_id }),
    ...(row.order_status === null ? {} : { order_status: row.order_status }),
    ...(row.payment_method === null ? {} : { payment_method: row.payment_method }),
  };
}

function withSession(address: string, publicId: string): string {
  const url = new URL(address);
  url.searchParams.set('session_id', publicId);
  return url.href;
}
