import { Inject, Injectable } from '@nestjs/common';
import type { AppmaxCard } from '../appmax';
import { CONFIG, type Config } from '../config';
import { IdempotencyContext } from '../idempotency';
import { InstallationsService, type Merchant } from '../installations';
import { KnownOrders, type Order, orderNotFound, OrderStatusReader, parseOrderId } from '../orders';
import {
  alreadyPaid,
  CardDeclines,
  type FoundOrder,
  OrderCreation,
  type PaymentOf,
  PaymentsService,
} from '../payments';
import type { BoletoAnswer, CardAnswer, OrderAnswer, PixAnswer, StatusAnswer } from './answers';
import { refuseRawCard } from './cards/card-data';
import type { CardDto } from './dto/card.dto';
import type { CustomerDto } from './dto/customer.dto';
import type { CreateOrderDto, OrderDto } from './dto/order.dto';
import type { PayByBoletoDto, PayByCardDto, PayByPixDto, PayDto } from './dto/pay.dto';
import { StorefrontOrders } from './storefront-orders';

/** A created order, without its token. */
export type MadeOrderAnswer = Omit<OrderAnswer, 'order_token'>;

/** A request to the checkout: the merchant's external_key, the request body, and the caller's IP address. */
export interface CheckoutRequest<Body> {
  readonly key: string;
  readonly body: Body;
  readonly callerIp: string;
  readonly holdsSecretKey: boolean;
  /** The `order_token` of the query. */
  readonly queryToken?: string | undefined;
}

/** The order of a payment request. */
interface OrderToPay {
  readonly merchant: Merchant;
  readonly order: Order;
  /** The operations of the order's sale, if they were read with it. */
  readonly operations?: PaymentOf<'pix'>['operations'];
  /** True if the caller has named the order's token or customer_id, has a secret key, or has just created the order. */
  readonly isShopper: boolean;
}

/** Creates orders at Appmax and takes their payments. */
@Injectable()
export class CheckoutService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly installations: InstallationsService,
    private readonly statuses: OrderStatusReader,
    private readonly knownOrders: KnownOrders,
    private readonly creation: OrderCreation,
    private readonly payments: PaymentsService,
    private readonly declines: CardDeclines,
    private readonly idempotency: IdempotencyContext,
    private readonly storefront: StorefrontOrders,
  ) {}

  /** Creates a customer and an order at Appmax, and saves the order. */
  async createOrder(request: CheckoutRequest<CreateOrderDto>): Promise<MadeOrderAnswer> {
    const { customer, order: sold } = request.body;
    const { order } = await this.create(request, customer, sold);
    return { customer_id: order.appmaxCustomerId, order_id: order.appmaxOrderId };
  }

  /**
   * Charges a card.
   *
   * @throws ApiError 409 if the order is paid, 422 if the card is declined, 429 after too many declines, 502 if the
   * outcome is unknown.
   */
  async payByCard(request: CheckoutRequest<PayByCardDto>): Promise<CardAnswer> {
    const { payment, subscription } = request.body;
    if (payment.token === undefined) refuseRawCard(this.config.cardData);
    const { callerIp: address } = request;
    // A repeat may get its stored outcome without charging a card, so earlier declines do not refuse it.
    const isRepeat = this.idempotency.current()?.isRepeat === true;
    if (!isRepeat) await this.declines.refuseEarly({ address });
    const found = await this.orderToPay(request);
    const payer = { address, order: { orderId: found.order.appmaxOrderId, isShopper: found.isShopper } };
    if (!isRepeat && request.body.order_id !== undefined) await this.declines.refuseEarly(payer);
    const card = cardOf(payment);
    const paid = await this.declines.guardPayment(payer, (guard) =>
      this.payments.pay({
        ...found,
        method: 'credit_card',
        request: { card, subscription },
        guard,
        answer: cardAnswer,
      }),
    );
    return cardAnswer(paid);
  }

  /** Creates a Pix, or returns the order's open one. */
  async payByPix(request: CheckoutRequest<PayByPixDto>): Promise<PixAnswer> {
    const { document_number: documentNumber, subscription } = request.body;
    const found = await this.orderToPay(request);
    const made = await this.payments.pay({
      ...found,
      method: 'pix',
      request: { documentNumber, subscription },
      answer: pixAnswer,
    });
    return pixAnswer(made);
  }

  /** Creates a boleto, or returns the order's open one. */
  async payByBoleto(request: CheckoutRequest<PayByBoletoDto>): Promise<BoletoAnswer> {
    const { document_number: documentNumber } = request.body;
    const found = await this.orderToPay(request);
    const made = await this.payments.pay({
      ...found,
      method: 'boleto',
      request: { documentNumber },
      answer: boletoAnswer,
    });
    return boletoAnswer(made);
  }

  /** Returns the status of an order, from our database. */
  async status(request: { key: string; orderId: string; token: string | undefined }): Promise<StatusAnswer> {
    const { key, orderId, token } = request;
    const answer = await this.statuses.read(key, orderId);
    this.storefront.requireToken({ key, orderId: parseOrderId(orderId), token });
    return answer;
  }

  /** Finds the order of a payment request, or creates it if there is no `order_id`. @throws ApiError 404 */
  private async orderToPay(request: CheckoutRequest<PayDto>): Promise<OrderToPay> {
    const { key, body, queryToken, holdsSecretKey } = request;
    const { order_id: orderId = 0, customer_id: customerId, customer, order: sold } = body;
    if (orderId === 0 && customer !== undefined && sold !== undefined)
      return this.create(request, customer, sold);
    const merchant = await this.installations.get(key);
    const named = { key, orderId, token: body.order_token ?? queryToken };
    this.storefront.requireToken(named);
    const found: FoundOrder = (await this.payments.find(merchant, orderId)) ?? {
      order: holdsSecretKey
        ? await this.knownOrders.get(merchant, orderId)
        : await this.knownOrders.getForShopper(merchant, { orderId, customerId }),
    };
    // The session has fixed the methods, the installments and the price: only its own routes pay its orders.
    if (found.isOfSession === true) throw orderNotFound();
    const isShopper =
      holdsSecretKey || customerId === found.order.appmaxCustomerId || this.storefront.hasToken(named);
    return { merchant, ...found, isShopper };
  }

  private async create(
    { key, callerIp, holdsSecretKey }: CheckoutRequest<unknown>,
    customer: CustomerDto,
    { products_value, discount_value = 0, shipping_value = 0, products }: OrderDto,
  ): Promise<OrderToPay> {
    this.storefront.requireMaker(holdsSecretKey);
    const merchant = await this.installations.get(key);
    const made = await this.creation.create({
      merchant,
      customer: { ...customer, ip: customer.ip ?? callerIp },
      order: { products, products_value, discount_value, shipping_value },
    });
    return { merchant, ...made, isShopper: true };
  }
}

function cardAnswer({ appmaxOrderId, status, upsellHash }: Order): CardAnswer {
  return { order_id: appmaxOrderId, status, ...(upsellHash === null ? {} : { upsell_hash: upsellHash }) };
}

/** @throws ApiError 409 if the order has no Pix. */
function pixAnswer(order: Order): PixAnswer {
  const { appmaxOrderId, pixQrCode, pixEmv } = order;
  if (pixQrCode === null || pixEmv === null) throw alreadyPaid(order);
  return { order_id: appmaxOrderId, qr_code: pixQrCode, emv: pixEmv };
}

/** @throws ApiError 409 if the order has no boleto. */
function boletoAnswer(order: Order): BoletoAnswer {
  const { appmaxOrderId, boletoPdfUrl, boletoDigitavel } = order;
  if (boletoPdfUrl === null || boletoDigitavel === null) throw alreadyPaid(order);
  return { order_id: appmaxOrderId, pdf_url: boletoPdfUrl, digitavel: boletoDigitavel };
}

/** Maps a card to Appmax's format: with its token only, if it has one. */
function cardOf(payment: CardDto): AppmaxCard {
  const { token, number, cvv, expiration_month, expiration_year, installments = 1, ...holder } = payment;
  const card = token === undefined ? { number, cvv, expiration_month, expiration_year } : { token };
  return { ...card, ...holder, installments };
}
