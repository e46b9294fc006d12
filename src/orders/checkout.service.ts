import { Inject, Injectable } from '@nestjs/common';
import { AppmaxClient } from '../appmax/appmax.client';
import { AppmaxFailure } from '../appmax/appmax-failure';
import { failureToApiError, orApiError } from '../appmax/failure-to-api-error';
import type { AppmaxCard } from '../appmax/requests';
import { ApiError } from '../common/errors/api-error';
import type { Config } from '../config/config';
import { CONFIG } from '../config/config.module';
import { InstallationsService, type Merchant } from '../installations/installations.service';
import type { BoletoAnswer, CardAnswer, OrderAnswer, PixAnswer, StatusAnswer } from './answers';
import { refuseRawCard } from './card-data';
import type { CardDto } from './dto/card.dto';
import type { CustomerDto } from './dto/customer.dto';
import type { CreateOrderDto, OrderDto } from './dto/order.dto';
import type { PayByBoletoDto, PayByCardDto, PayByPixDto, PayDto } from './dto/pay.dto';
import { KnownOrders } from './known-orders';
import type { Order, PaymentMethod } from './order.entity';
import { orderTotal } from './order-total';
import { OrdersService } from './orders.service';
import { isPaid } from './status-rules';

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
    private readonly appmax: AppmaxClient,
    private readonly installations: InstallationsService,
    private readonly orders: OrdersService,
    private readonly knownOrders: KnownOrders,
  ) {}

  /** Makes a customer and an order, and saves the order. */
  async createOrder({ key, body, callerIp }: CheckoutRequest<CreateOrderDto>): Promise<OrderAnswer> {
    const merchant = await this.installations.get(key);
    const order = await this.makeOrder(merchant, body.customer, body.order, callerIp);
    return { customer_id: order.appmaxCustomerId, order_id: order.appmaxOrderId };
  }

  /** @throws ApiError 422 when the card is declined, 409 when the order is paid. */
  async payByCard(request: CheckoutRequest<PayByCardDto>): Promise<CardAnswer> {
    const { payment, subscription } = request.body;
    if (payment.token === undefined) refuseRawCard(this.config.cardData);
    const { merchant, order } = await this.orderToPay(request);
    const paid = await this.pay(order, 'credit_card', () =>
      this.appmax.payByCard(merchant.credentials, {
        orderId: order.appmaxOrderId,
        customerId: order.appmaxCustomerId,
        card: cardOf(payment),
        subscription,
      }),
    );
    const status = await this.orders.recordPayment(order, {
      paymentMethod: 'credit_card',
      status: paid.status ?? (await this.statusAtAppmax(merchant, order)),
      upsellHash: paid.upsellHash ?? null,
    });
    return {
      order_id: order.appmaxOrderId,
      status,
      ...(paid.upsellHash === undefined ? {} : { upsell_hash: paid.upsellHash }),
    };
  }

  /** Makes a Pix, or answers the one that is open for the order. */
  async payByPix(request: CheckoutRequest<PayByPixDto>): Promise<PixAnswer> {
    const { merchant, order } = await this.orderToPay(request);
    const { appmaxOrderId: orderId, pixQrCode, pixEmv } = order;
    if (isOpen(order, 'pix') && pixQrCode !== null && pixEmv !== null) {
      return { order_id: orderId, qr_code: pixQrCode, emv: pixEmv };
    }
    const { document_number: documentNumber, subscription } = request.body;
    const { qrCode, emv } = await this.pay(order, 'pix', () =>
      this.appmax.payByPix(merchant.credentials, { orderId, documentNumber, subscription }),
    );
    await this.orders.recordPayment(order, {
      paymentMethod: 'pix',
      status: 'pendente',
      pixQrCode: qrCode,
      pixEmv: emv,
    });
    return { order_id: orderId, qr_code: qrCode, emv };
  }

  /** Makes a boleto, or answers the one that is open for the order. */
  async payByBoleto(request: CheckoutRequest<PayByBoletoDto>): Promise<BoletoAnswer> {
    const { merchant, order } = await this.orderToPay(request);
    const { appmaxOrderId: orderId, boletoPdfUrl, boletoDigitavel } = order;
    if (isOpen(order, 'boleto') && boletoPdfUrl !== null && boletoDigitavel !== null) {
      return { order_id: orderId, pdf_url: boletoPdfUrl, digitavel: boletoDigitavel };
    }
    const { document_number: documentNumber } = request.body;
    const { pdfUrl, digitableLine } = await this.pay(order, 'boleto', () =>
      this.appmax.payByBoleto(merchant.credentials, { orderId, documentNumber }),
    );
    await this.orders.recordPayment(order, {
      paymentMethod: 'boleto',
      status: 'pendente',
      boletoPdfUrl: pdfUrl,
      boletoDigitavel: digitableLine,
    });
    return { order_id: orderId, pdf_url: pdfUrl, digitavel: digitableLine };
  }

  /** The status of an order, from our database. */
  async status(key: string, orderId: string): Promise<StatusAnswer> {
    const { installationId } = await this.installations.get(key);
    return this.orders.status(installationId, orderId);
  }

  private async orderToPay({
    key,
    body,
    callerIp,
  }: CheckoutRequest<PayDto>): Promise<{ merchant: Merchant; order: Order }> {
    const merchant = await this.installations.get(key);
    const { order_id: orderId, customer, order: sold } = body;
    const order =
      orderId === undefined && customer !== undefined && sold !== undefined
        ? await this.makeOrder(merchant, customer, sold, callerIp)
        : await this.knownOrders.get(merchant, orderId ?? 0);
    if (isPaid(order.status)) {
      throw new ApiError(409, 'order already paid', {
        details: { order_id: order.appmaxOrderId, status: order.status },
      });
    }
    return { merchant, order };
  }

  private async makeOrder(
    merchant: Merchant,
    customer: CustomerDto,
    sold: OrderDto,
    callerIp: string,
  ): Promise<Order> {
    const { products_value, discount_value = 0, shipping_value = 0, products } = sold;
    const customerId = await orApiError(
      this.appmax.createCustomer(merchant.credentials, { ...customer, ip: customer.ip ?? callerIp }),
      'order creation failed',
    );
    const made = await orApiError(
      this.appmax.createOrder(merchant.credentials, {
        customer_id: customerId,
        products,
        products_value,
        discount_value,
        shipping_value,
      }),
      'order creation failed',
    );
    return this.orders.save({
      installationId: merchant.installationId,
      appmaxCustomerId: customerId,
      appmaxOrderId: made.id,
      totalCents: orderTotal(sold),
    });
  }

  private async pay<Value>(
    order: Order,
    method: PaymentMethod,
    payment: () => Promise<Value>,
  ): Promise<Value> {
    await this.orders.beginPayment(order, method);
    try {
      return await payment();
    } catch (error) {
      if (!(error instanceof AppmaxFailure)) throw error;
      // Neither a success nor a failure: the order stays as it is until Appmax says what became of it.
      if (error.kind === 'unknown') {
        const details = { order_id: order.appmaxOrderId, status: order.status };
        throw new ApiError(502, 'payment outcome unknown', { details, cause: error });
      }
      throw failureToApiError(error, 'payment processing failed');
    }
  }

  /** For the older answers, which name no status: what Appmax says of the order, or what we have. */
  private async statusAtAppmax(merchant: Merchant, order: Order): Promise<string> {
    try {
      return (await this.appmax.getOrder(merchant.credentials, order.appmaxOrderId)).status;
    } catch (error) {
      if (error instanceof AppmaxFailure) return order.status;
      throw error;
    }
  }
}

/** The card as Appmax is sent it: by its token alone where there is one. */
function cardOf(payment: CardDto): AppmaxCard {
  const { token, number, cvv, expiration_month, expiration_year, installments = 1, ...holder } = payment;
  const card = token === undefined ? { number, cvv, expiration_month, expiration_year } : { token };
  return { ...card, ...holder, installments };
}

/** Whether the order waits for a payment by this very method. */
function isOpen(order: Order, method: PaymentMethod): boolean {
  return order.status === 'pendente' && order.paymentMethod === method;
}
