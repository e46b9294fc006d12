import { Injectable } from '@nestjs/common';
import type { AppmaxCustomer } from '../../appmax';
import { ApiError } from '../../common/errors/api-error';
import { IdempotencyContext } from '../../idempotency';
import { InstallationsService, type Merchant } from '../../installations';
import { type Order, OrdersService, type PaymentMethod } from '../../orders';
import {
  alreadyPaid,
  CardDeclines,
  inProgress,
  OpenCodes,
  OrderClosing,
  OrderCreation,
  PaymentsService,
  sessionCompleted,
  sessionExpired,
  SessionOrders,
} from '../../payments';
import type { PaySessionByCardDto, PaySessionByCodeDto, PaySessionDto } from './dto/pay-session.dto';
import { invalidFields, methodNotAllowed } from './errors';
import type { SessionBoletoAnswer, SessionCardAnswer, SessionPixAnswer } from './page-answers';
import type { SessionRow } from './session';
import { SessionViewService } from './session-view.service';
import { SessionsRepository } from './sessions.repository';
import { SessionsService } from './sessions.service';
import { type KnownShopper, ShopperData } from './shopper-data';

/** The maximum number of times that a payment looks for the session's order after another request has replaced it. */
const MAXIMUM_ROUNDS = 3;

/** A request of the page. */
export interface PageRequest<Body extends PaySessionDto> {
  readonly session: string;
  readonly body: Body;
  readonly callerIp: string;
}

type PaymentArguments = Parameters<PaymentsService['pay']>[0];

/** A payment of a session. */
interface SessionPayment {
  readonly row: SessionRow;
  readonly merchant: Merchant;
  /** The total of the order that is necessary, with interest. */
  readonly totalCents: number;
  readonly customer: AppmaxCustomer;
  readonly payment: Pick<PaymentArguments, 'method' | 'request' | 'guard'>;
}

/** Takes the payments of sessions: each session is paid at most once, however many orders it needs. */
@Injectable()
export class SessionPaymentsService {
  constructor(
    private readonly sessions: SessionsService,
    private readonly repository: SessionsRepository,
    private readonly views: SessionViewService,
    private readonly shoppers: ShopperData,
    private readonly installations: InstallationsService,
    private readonly orders: OrdersService,
    private readonly sessionOrders: SessionOrders,
    private readonly closing: OrderClosing,
    private readonly creation: OrderCreation,
    private readonly payments: PaymentsService,
    private readonly codes: OpenCodes,
    private readonly declines: CardDeclines,
    private readonly idempotency: IdempotencyContext,
  ) {}

  /** Charges a card. With interest, the order of the session is replaced by one with the total of the installments. */
  async payByCard(request: PageRequest<PaySessionByCardDto>): Promise<SessionCardAnswer> {
    const { installments } = request.body.payment;
    const { row, merchant, known } = await this.start(request, 'credit_card');
    const payer = { address: request.callerIp, order: { orderId: subjectOf(row), isShopper: true } };
    const isRepeat = this.idempotency.current()?.isRepeat === true;
    if (!isRepeat) await this.declines.refuseEarly(payer);
    const totalCents =
      installments > row.max_installments ? undefined : await this.views.totalOf(row, merchant, installments);
    if (totalCents === undefined)
      throw invalidFields({
        field: 'payment.installments',
        message: 'installments must be one of the plans of this session',
      });
    const customer = this.shoppers.customer(known, request.callerIp);
    const paid = await this.declines.guardPayment(payer, (guard) =>
      this.pay({
        row,
        merchant,
        totalCents,
        customer,
        payment: { method: 'credit_card', request: { card: request.body.payment }, guard },
      }),
    );
    return { order_id: paid.appmaxOrderId, status: paid.status, total_value: totalCents };
  }

  /** Creates a Pix, or returns the open one. */
  async payByPix(request: PageRequest<PaySessionByCodeDto>): Promise<SessionPixAnswer> {
    const made = await this.payByCode(request, 'pix');
    const { appmaxOrderId, pixQrCode, pixEmv } = made;
    if (pixQrCode === null || pixEmv === null) throw alreadyPaid(made);
    const expiresAt = await this.expiryOf(made, 'pix');
    return { order_id: appmaxOrderId, qr_code: pixQrCode, emv: pixEmv, expires_at: expiresAt };
  }

  /** Creates a boleto, or returns the open one. */
  async payByBoleto(request: PageRequest<PaySessionByCodeDto>): Promise<SessionBoletoAnswer> {
    const made = await this.payByCode(request, 'boleto');
    const { appmaxOrderId, boletoPdfUrl, boletoDigitavel } = made;
    if (boletoPdfUrl === null || boletoDigitavel === null) throw alreadyPaid(made);
    const dueAt = await this.expiryOf(made, 'boleto');
    return { order_id: appmaxOrderId, pdf_url: boletoPdfUrl, digitavel: boletoDigitavel, due_at: dueAt };
  }

  private async payByCode(
    request: PageRequest<PaySessionByCodeDto>,
    method: 'pix' | 'boleto',
  ): Promise<Order> {
    const { row, merchant, known } = await this.start(request, method);
    const customer = this.shoppers.customer(known, request.callerIp);
    const documentNumber = request.body.document_number ?? customer.document_number;
    const totalCents = row.total_cents;
    return this.pay({
      row,
      merchant,
      totalCents,
      customer,
      payment: { method, request: { documentNumber } },
    });
  }

  private async expiryOf(order: Order, method: 'pix' | 'boleto'): Promise<string | null> {
    const codes = await this.codes.of(order);
    return codes.find((code) => code.method === method)?.expiresAt?.toISOString() ?? null;
  }

  /** Finds the session and its merchant, and what is known of the shopper. */
  private async start(
    { session, body }: PageRequest<PaySessionDto>,
    method: PaymentMethod,
  ): Promise<{ row: SessionRow; merchant: Merchant; known: KnownShopper }> {
    const row = await this.sessions.find(session);
    const merchant = await this.installations.getById(row.installation_id);
    if (!row.methods.includes(method)) throw methodNotAllowed();
    const known = this.shoppers.known(row, body.customer);
    if (body.customer !== undefined && row.state === 'open' && this.shoppers.missing(known).length === 0)
      await this.repository.saveShopper(row.id, this.shoppers.seal('shopper', session, known));
    return { row, merchant, known };
  }

  private async pay(payment: SessionPayment): Promise<Order> {
    const { row, merchant } = payment;
    const own = await this.payments.orderOfRequest();
    // A repeat of a request gets the outcome of its own payment, whatever has become of the session.
    if (own !== undefined) return this.payOrder(payment, await this.orders.getById(own));
    const details = { ...(row.order_id === null ? {} : { order_id: row.order_id }) };
    if (row.state === 'expired') throw sessionExpired(details);
    if (row.state === 'completed') throw sessionCompleted(details);
    for (let round = 1; ; round += 1) {
      const order = await this.orderFor(merchant, payment);
      try {
        return await this.payOrder(payment, order);
      } catch (error) {
        if (!isReplaced(error)) throw error;
        if (round === MAXIMUM_ROUNDS) throw inProgress(order);
      }
    }
  }

  private payOrder({ row, merchant, payment }: SessionPayment, order: Order): Promise<Order> {
    const common = { merchant, order, isShopper: true, limitedAs: subjectOf(row) };
    return this.payments.pay({ ...common, ...payment });
  }

  /** Returns the live order of the session with the right total. If there is none, one is created. */
  private async orderFor(merchant: Merchant, payment: SessionPayment): Promise<Order> {
    const { row, totalCents, customer } = payment;
    const live = await this.sessionOrders.live(row.id);
    if (live?.totalCents === totalCents) return this.orders.getById(live.orderId);
    if (live !== undefined) await this.closing.close(merchant, live.orderId);
    const { order: made } = await this.creation.create({
      merchant,
      customer,
      order: {
        products: row.items.map(({ sku, name, quantity, unit_value, type }) => ({
          sku,
          name,
          quantity,
          unit_value,
          ...(type === undefined ? {} : { type }),
        })),
        // Appmax adds no interest: the products of an order in installments cost more.
        products_value: totalCents - row.shipping_cents + row.discount_cents,
        shipping_value: row.shipping_cents,
        discount_value: row.discount_cents,
      },
      isReusable: async (id) =>
        (await this.sessionOrders.isFree(id)) && (await this.orders.getById(id)).totalCents === totalCents,
    });
    if (await this.sessionOrders.attach(row.id, { orderId: made.id, totalCents })) return made;
    // Another request has attached its order at the same time.
    const other = await this.sessionOrders.live(row.id);
    if (other?.totalCents === totalCents) return this.orders.getById(other.orderId);
    throw inProgress(made);
  }
}

/** The subject of the limits of payments and of declined cards: a session keeps its counts when its order is replaced. */
const subjectOf = ({ id }: SessionRow): string => `session ${id}`;

function isReplaced(error: unknown): boolean {
  return error instanceof ApiError && (error.getResponse() as { code?: string }).code === 'order_replaced';
}
