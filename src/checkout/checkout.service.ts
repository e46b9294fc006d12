import { Inject, Injectable } from '@nestjs/common';
import type { AppmaxCard } from '../appmax';
import { CONFIG, type Config } from '../config';
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

/** A request to the checkout: the merchant's external_key, the request body, and the caller's IP address. */
export interface CheckoutRequest<Body> {
  readonly key: string;
  readonly body: Body;
  readonly callerIp: string;
}

/** Creates orders at Appmax and takes their payments. */
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

  /** Creates a customer and an order at Appmax, and saves the order. */
  async createOrder({ key, body, callerIp }: CheckoutRequest<CreateOrderDto>): Promise<OrderAnswer> {
    const merchant = await this.installations.get(key);
    const order = await this.create(merchant, body.customer, body.order, callerIp);
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
    if (this.idempotency.current()?.isRepeat !== true)
      await this.declines.refuseEarly({ address, orderId: request.body.order_id });
    const { merchant, order } = await this.orderToPay(request);
    const card = cardOf(payment);
    const paid = await this.declines.guardPayment({ address, orderId: order.appmaxOrderId }, (guard) =>
      this.payments.pay({ merchant, order, method: 'credit_card', request: { card, subscription }, guard }),
    );
    return {
      order_id: paid.appmaxOrderId,
      status: paid.status,
      ...(paid.upsellHash === null ? {} : { upsell_hash: paid.upsellHash }),
    };
  }

  /** Creates a Pix, or returns the order's open one. */
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

  /** Creates a boleto, or returns the order's open one. */
  async payByBoleto(request: CheckoutRequest<PayByBoletoDto>): Promise<BoletoAnswer> {
    const { document_number: documentNumber } = request.body;
    const { merchant, order } = await this.orderToPay(request);
    const made = await this.payments.pay({ merchant, order, method: 'boleto', request: { documentNumber } });
    const { appmaxOrderId, boletoPdfUrl, boletoDigitavel } = made;
    if (boletoPdfUrl === null || boletoDigitavel === null) throw alreadyPaid(made);
    return { order_id: appmaxOrderId, pdf_url: boletoPdfUrl, digitavel: boletoDigitavel };
  }

  /** Returns the status of an order, from our database. */
  async status(key: string, orderId: string): Promise<StatusAnswer> {
    const { installationId } = await this.installations.get(key);
    return this.orders.status(installationId, orderId);
  }

  /** Finds the order of a payment request, or creates it if there is no `order_id`. @throws ApiError 404 */
  private async orderToPay({
    key,
    body,
    callerIp,
  }: CheckoutRequest<PayDto>): Promise<{ merchant: Merchant; order: Order }> {
    const merchant = await this.installations.get(key);
    const { order_id: orderId, customer, order: sold } = body;
    const order =
      orderId === undefined && customer !== undefined && sold !== undefined
        ? await this.create(merchant, customer, sold, callerIp)
        : await this.knownOrders.get(merchant, orderId ?? 0);
    return { merchant, order };
  }

  private create(
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

/** Maps a card to Appmax's format: with its token only, if it has one. */
function cardOf(payment: CardDto): AppmaxCard {
  const { token, number, cvv, expiration_month, expiration_year, installments = 1, ...holder } = payment;
  const card = token === undefined ? { number, cvv, expiration_month, expiration_year } : { token };
  return { ...card, ...holder, installments };
}
