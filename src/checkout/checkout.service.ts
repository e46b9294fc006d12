import { Inject, Injectable } from '@nestjs/common';
import type { AppmaxCard } from '../appmax';
import { type Config, CONFIG } from '../config';
import { IdempotencyContext } from '../idempotency';
import { InstallationsService, type Merchant } from '../installations';
import { KnownOrders, type Order, OrdersService } from '../orders';
import { alreadyPaid, CardDeclines, OrderCreation, PaymentsService } from '../payments';
import type { BoletoAnswer, CardAnswer, OrderAnswer, PixAnswer, StatusAnswer } from './answers';
import { refuseRawCard } from './card-data';
import type { CardDto } from './dto/card.dto';
import type { CustomerDto } from './dto/customer.dto';
import type { CreateOrderDto, OrderDto } from './dto/order.dto';
import type { PayByBoletoDto, PayByCardDto, PayByPixDto, PayDto } from './dto/pay.dto';

/** A call to the checkout: whose shop it is, what was sent, and the shopper's address on the network. */
export interface CheckoutRequest<Body> {
  readonly key: string;
  readonly body: Body;
  readonly callerIp: string;
}

/** Sells: makes orders at Appmax and takes their payments. */
@Injectable()
export class CheckoutService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly installations: InstallationsService,
    private readonly orders: OrdersService,
    private readonly knownOrders: KnownOrders,
    private readonly creation: OrderCreation,
    private readonly payments: PaymentsService,
    private readonly declines: CardDeclines,
    private readonly idempotency: IdempotencyContext,
  ) {}

  /** Makes a customer and an order, and saves the order. */
  async createOrder({ key, body, callerIp }: CheckoutRequest<CreateOrderDto>): Promise<OrderAnswer> {
    const merchant = await this.installations.get(key);
    const order = await this.make(merchant, body.customer, body.order, callerIp);
    return { customer_id: order.appmaxCustomerId, order_id: order.appmaxOrderId };
  }

  /** @throws ApiError 422 when the card is declined, 429 when too many were, 409 when the order is paid, 502 when the outcome is unknown. */
  async payByCard(request: CheckoutRequest<PayByCardDto>): Promise<CardAnswer> {
    const { payment, subscription } = request.body;
    if (payment.token === undefined) refuseRawCard(this.config.cardData);
    const { callerIp: address } = request;
    // A repeat may be answered without a card being sent: it is told the outcome, whatever else was declined.
    if (this.idempotency.current()?.isRepeat !== true)
      await this.declines.refuseEarly({ address, orderId: request.body.order_id });
    const { merchant, order } = await this.orderToPay(request);
    const card = cardOf(payment);
    const paid = await this.declines.during({ address, orderId: order.appmaxOrderId }, (guard) =>
      this.payments.pay({ merchant, order, method: 'credit_card', request: { card, subscription }, guard }),
    );
    return {
      order_id: paid.appmaxOrderId,
      status: paid.status,
      ...(paid.upsellHash === null ? {} : { upsell_hash: paid.upsellHash }),
    };
  }

  /** Makes a Pix, or answers the one that is open for the order. */
  async payByPix(request: CheckoutRequest<PayByPixDto>): Promise<PixAnswer> {
    const { document_number: documentNumber, subscription } = request.body;
    const { merchant, order } = await this.orderToPay(request);
    const made = await this.payments.pay({
      merchant,
      order,
      method: 'pix',
      request: { documentNumber, subscription },
    });
    const { appmaxOrderId, pixQrCode, pixEmv } = made;
    if (pixQrCode === null || pixEmv === null) throw alreadyPaid(made);
    return { order_id: appmaxOrderId, qr_code: pixQrCode, emv: pixEmv };
  }

  /** Makes a boleto, or answers the one that is open for the order. */
  async payByBoleto(request: CheckoutRequest<PayByBoletoDto>): Promise<BoletoAnswer> {
    const { document_number: documentNumber } = request.body;
    const { merchant, order } = await this.orderToPay(request);
    const made = await this.payments.pay({ merchant, order, method: 'boleto', request: { documentNumber } });
    const { appmaxOrderId, boletoPdfUrl, boletoDigitavel } = made;
    if (boletoPdfUrl === null || boletoDigitavel === null) throw alreadyPaid(made);
    return { order_id: appmaxOrderId, pdf_url: boletoPdfUrl, digitavel: boletoDigitavel };
  }

  /** The status of an order, from our database. */
  async status(key: string, orderId: string): Promise<StatusAnswer> {
    const { installationId } = await this.installations.get(key);
    return this.orders.status(installationId, orderId);
  }

  /** The order that a pay call names, or the one that it makes on the way. @throws ApiError 404 */
  private async orderToPay({
    key,
    body,
    callerIp,
  }: CheckoutRequest<PayDto>): Promise<{ merchant: Merchant; order: Order }> {
    const merchant = await this.installations.get(key);
    const { order_id: orderId, customer, order: sold } = body;
    const order =
      orderId === undefined && customer !== undefined && sold !== undefined
        ? await this.make(merchant, customer, sold, callerIp)
        : await this.knownOrders.get(merchant, orderId ?? 0);
    return { merchant, order };
  }

  private make(
    merchant: Merchant,
    customer: CustomerDto,
    { products_value, discount_value = 0, shipping_value = 0, products }: OrderDto,
    callerIp: string,
  ): Promise<Order> {
    return this.creation.create({
      merchant,
      customer: { ...customer, ip: customer.ip ?? callerIp },
      order: { products, products_value, discount_value, shipping_value },
    });
  }
}

/** The card as Appmax is sent it: by its token alone where there is one. */
function cardOf(payment: CardDto): AppmaxCard {
  const { token, number, cvv, expiration_month, expiration_year, installments = 1, ...holder } = payment;
  const card = token === undefined ? { number, cvv, expiration_month, expiration_year } : { token };
  return { ...card, ...holder, installments };
}
