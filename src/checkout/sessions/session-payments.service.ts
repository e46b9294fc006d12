import { Injectable } from '@nestjs/common';
import { type AppmaxCustomer, AppmaxFailure } from '../../appmax';
import { ApiError } from '../../common/errors/api-error';
import { markSession } from '../../common/http/request-context';
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
  type SessionOrder,
  SessionOrders,
} from '../../payments';
import type { PaySessionByCardDto, PaySessionByCodeDto, PaySessionDto } from './dto/pay-session.dto';
import { invalidFields, methodNotAllowed, priceChanged } from './errors';
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
  /** The order that an earlier attempt of the request has tried to pay. */
  readonly own: SessionOrder | undefined;
  /** The total of the order that is necessary, with interest. */
  readonly totalCents: number;
  readonly customer: AppmaxCustomer;
  /** The known data of the shopper, if the request has added to it. */
  readonly typed: KnownShopper | undefined;
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
    const { installments, total_value: seen, ...card } = request.body.payment;
    const { row, merchant, known } = await this.start(request, 'credit_card');
    const payer = { address: request.callerIp, order: { orderId: subjectOf(row), isShopper: true } };
    const isRepeat = this.idempotency.current()?.isRepeat === true;
    if (!isRepeat) await this.declines.refuseEarly(payer);
    const own = await this.ownOrder();
    const totalCents = own?.totalCents ?? (await this.priceOf(row, merchant, installments));
    if (seen !== undefined && seen !== totalCents) throw priceChanged(totalCents);
    const customer = this.shoppers.customer(known, request.callerIp);
    const paid = await this.declines.guardPayment(payer, (guard) =>
      this.pay({
        row,
        merchant,
        own,
        totalCents,
        customer,
        typed: request.body.customer === undefined ? undefined : known,
        payment: { method: 'credit_card', request: { card: { ...card, installments } }, guard },
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
    return this.pay({
      row,
      merchant,
      own: await this.ownOrder(),
      totalCents: row.total_cents,
      customer,
      typed: request.body.customer === undefined ? undefined : known,
      payment: { method, request: { documentNumber } },
    });
  }

  /** Returns the order that an earlier attempt of this request has tried to pay. */
  private async ownOrder(): Promise<SessionOrder | undefined> {
    const orderId = await this.payments.orderOfRequest();
    return orderId === undefined ? undefined : this.sessionOrders.find(orderId);
  }

  /** Returns the total in a number of installments. @throws ApiError 400 if the session has no such plan. */
  private async priceOf(row: SessionRow, merchant: Merchant, installments: number): Promise<number> {
    const total =
      installments > row.max_installments ? undefined : await this.views.totalOf(row, merchant, installments);
    if (total !== undefined) return total;
    throw invalidFields({
      field: 'payment.installments',
      message: 'installments must be one of the plans of this session',
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
    markSession(session);
    const merchant = await this.installations.getById(row.installation_id);
    if (!row.methods.includes(method)) throw methodNotAllowed();
    return { row, merchant, known: this.shoppers.known(row, body.customer) };
  }

  private async pay(payment: SessionPayment): Promise<Order> {
    const { row, merchant, own } = payment;
    // A repeat of a request gets the outcome of its own payment, whatever has become of the session.
    if (own !== undefined) return this.payOrder(payment, await this.orders.getById(own.orderId));
    const details = { ...(row.order_id === null ? {} : { order_id: row.order_id }) };
    if (row.state === 'expired') throw sessionExpired(details);
    if (row.state === 'completed') throw sessionCompleted(details);
    for (let round = 1; ; round += 1) {
      const order = await this.orderFor(merchant, payment);
      try {
        return await this.payOrder(payment, order);
      } catch (error) {
        const isLost = isCodeLost(error);
        if (!isLost && !isReplaced(error)) throw error;
        if (round === MAXIMUM_ROUNDS) throw isLost ? error : inProgress(order);
        // Appmax has a code of which every answer was lost, and makes no other one for the order.
        if (isLost) await this.closing.close(merchant, order.id);
      }
    }
  }

  private payOrder({ row, merchant, payment }: SessionPayment, order: Order): Promise<Order> {
    const common = { merchant, order, isShopper: true, limitedAs: subjectOf(row) };
    return this.payments.pay({ ...common, ...payment });
  }

  /** Returns the live order of the session with the right total. If there is none, one is created. */
  private async orderFor(merchant: Merchant, payment: SessionPayment): Promise<Order> {
    const { row, totalCents, customer, typed } = payment;
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
        (await this.sessionOrders.find(id)) === undefined &&
        (await this.orders.getById(id)).totalCents === totalCents,
    });
    // Saved once Appmax has accepted it: until then, the shopper can correct it.
    if (typed !== undefined)
      await this.repository.saveShopper(row.id, this.shoppers.seal('shopper', row.public_id, typed));
    if (await this.sessionOrders.attach(row.id, { orderId: made.id, totalCents })) return made;
    // Another request has attached its order at the same time.
    const other = await this.sessionOrders.live(row.id);
    if (other?.totalCents === totalCents) return this.orders.getById(other.orderId);
    throw inProgress(made);
  }
}

/** The subject of the limits of payments and of declined cards: a session keeps its counts when its order is replaced. */
const subjectOf = ({ id }: SessionRow): string => `session ${id}`;

/** Returns true if Appmax refused a payment because of a pending one (409), and no code of the order is known. */
function isCodeLost(error: unknown): boolean {
  if (!hasCode(error, 'payment_processing_failed')) return false;
  return error.cause instanceof AppmaxFailure && error.cause.status === 409;
}

const isReplaced = (error: unknown): boolean => hasCode(error, 'order_replaced');

function hasCode(error: unknown, code: string): error is ApiError {
  return error instanceof ApiError && (error.getResponse() as { code?: string }).code === code;
}
