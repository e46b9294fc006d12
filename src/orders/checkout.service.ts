import { Inject, Injectable } from '@nestjs/common';
import { AppmaxClient } from '../appmax/appmax.client';
import { AppmaxFailure } from '../appmax/appmax-failure';
import type { AppmaxCard } from '../appmax/requests';
import type { Config } from '../config/config';
import { CONFIG } from '../config/config.module';
import { InstallationsService, type Merchant } from '../installations/installations.service';
import type { BoletoAnswer, CardAnswer, OrderAnswer, PixAnswer, StatusAnswer } from './answers';
import { refuseRawCard } from './card-data';
import type { CardDto } from './dto/card.dto';
import type { CreateOrderDto } from './dto/order.dto';
import type { PayByBoletoDto, PayByCardDto, PayByPixDto } from './dto/pay.dto';
import type { Order } from './order.entity';
import { OrdersService } from './orders.service';
import { PayableOrders, type CheckoutRequest } from './payable-orders';
import { CardDeclines } from './payments/card-declines';
import { alreadyPaid, outcomeUnknown } from './payments/payment-errors';
import { PaymentRunner } from './payments/payment-runner';

/** Sells: makes orders at Appmax and takes their payments. */
@Injectable()
export class CheckoutService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly appmax: AppmaxClient,
    private readonly installations: InstallationsService,
    private readonly orders: OrdersService,
    private readonly payable: PayableOrders,
    private readonly payments: PaymentRunner,
    private readonly declines: CardDeclines,
  ) {}

  /** Makes a customer and an order, and saves the order. */
  async createOrder({ key, body, callerIp }: CheckoutRequest<CreateOrderDto>): Promise<OrderAnswer> {
    const merchant = await this.installations.get(key);
    const order = await this.payable.make(merchant, body.customer, body.order, callerIp);
    return { customer_id: order.appmaxCustomerId, order_id: order.appmaxOrderId };
  }

  /** @throws ApiError 422 when the card is declined, 429 when too many were, 409 when the order is paid, 502 when the outcome is unknown. */
  async payByCard(request: CheckoutRequest<PayByCardDto>): Promise<CardAnswer> {
    const { payment, subscription } = request.body;
    if (payment.token === undefined) refuseRawCard(this.config.cardData);
    const { callerIp: address } = request;
    // A repeat may be answered without a card being sent: it is told the outcome, whoever else was declined.
    if (!this.payable.isRepeat())
      await this.declines.refuseEarly({ address, orderId: request.body.order_id });
    const { merchant, order, isPaidByThisRequest } = await this.payable.get(request);
    if (isPaidByThisRequest) return cardAnswer(order, order.status, order.upsellHash ?? undefined);
    const card = cardOf(payment);
    const { appmaxOrderId: orderId, appmaxCustomerId: customerId } = order;
    const { answer, status } = await this.declines.during({ address, orderId }, (guard) =>
      this.payments.pay({
        merchant,
        order,
        method: 'credit_card',
        installments: card.installments,
        isMade: () => false,
        send: () =>
          guard(() =>
            this.appmax.payByCard(merchant.credentials, { orderId, customerId, card, subscription }),
          ),
        result: async ({ status: told, upsellHash = null }) => ({
          status: told ?? (await this.statusAtAppmax(merchant, order)),
          upsellHash,
        }),
      }),
    );
    return cardAnswer(order, status, answer?.upsellHash);
  }

  /** Makes a Pix, or answers the one that is open for the order. */
  async payByPix(request: CheckoutRequest<PayByPixDto>): Promise<PixAnswer> {
    const { document_number: documentNumber, subscription } = request.body;
    const { merchant, order, isPaidByThisRequest } = await this.payable.get(request);
    if (isPaidByThisRequest) return pixAnswer(order, undefined);
    const paid = await this.payments.pay({
      merchant,
      order,
      method: 'pix',
      isMade: hasOpenPix,
      send: () =>
        this.appmax.payByPix(merchant.credentials, {
          orderId: order.appmaxOrderId,
          documentNumber,
          subscription,
        }),
      result: ({ qrCode, emv }) => Promise.resolve({ status: 'pendente', pixQrCode: qrCode, pixEmv: emv }),
    });
    return pixAnswer(paid.order, paid.answer);
  }

  /** Makes a boleto, or answers the one that is open for the order. */
  async payByBoleto(request: CheckoutRequest<PayByBoletoDto>): Promise<BoletoAnswer> {
    const { document_number: documentNumber } = request.body;
    const { merchant, order, isPaidByThisRequest } = await this.payable.get(request);
    if (isPaidByThisRequest) return boletoAnswer(order, undefined);
    const paid = await this.payments.pay({
      merchant,
      order,
      method: 'boleto',
      isMade: hasOpenBoleto,
      send: () =>
        this.appmax.payByBoleto(merchant.credentials, { orderId: order.appmaxOrderId, documentNumber }),
      result: ({ pdfUrl, digitableLine }) =>
        Promise.resolve({ status: 'pendente', boletoPdfUrl: pdfUrl, boletoDigitavel: digitableLine }),
    });
    return boletoAnswer(paid.order, paid.answer);
  }

  /** The status of an order, from our database. */
  async status(key: string, orderId: string): Promise<StatusAnswer> {
    const { installationId } = await this.installations.get(key);
    return this.orders.status(installationId, orderId);
  }

  /**
   * For the older answers, which name no status: what Appmax says of the order.
   *
   * @throws ApiError 502 when it can't be asked: the card is charged, but how the order stands is not known yet.
   */
  private async statusAtAppmax(merchant: Merchant, order: Order): Promise<string> {
    try {
      return (await this.appmax.getOrder(merchant.credentials, order.appmaxOrderId)).status;
    } catch (error) {
      throw error instanceof AppmaxFailure ? outcomeUnknown(order) : error;
    }
  }
}

/** The card as Appmax is sent it: by its token alone where there is one. */
function cardOf(payment: CardDto): AppmaxCard {
  const { token, number, cvv, expiration_month, expiration_year, installments = 1, ...holder } = payment;
  const card = token === undefined ? { number, cvv, expiration_month, expiration_year } : { token };
  return { ...card, ...holder, installments };
}

function hasOpenPix({ status, paymentMethod, pixQrCode, pixEmv }: Order): boolean {
  return status === 'pendente' && paymentMethod === 'pix' && pixQrCode !== null && pixEmv !== null;
}

function hasOpenBoleto({ status, paymentMethod, boletoPdfUrl, boletoDigitavel }: Order): boolean {
  return (
    status === 'pendente' && paymentMethod === 'boleto' && boletoPdfUrl !== null && boletoDigitavel !== null
  );
}

function cardAnswer({ appmaxOrderId }: Order, status: string, upsellHash: string | undefined): CardAnswer {
  return {
    order_id: appmaxOrderId,
    status,
    ...(upsellHash === undefined ? {} : { upsell_hash: upsellHash }),
  };
}

/** @param made the new code; without one, the order has it. @throws ApiError 409 when it was paid by other means. */
function pixAnswer(order: Order, made: { qrCode: string; emv: string } | undefined): PixAnswer {
  const { qrCode, emv } = made ?? { qrCode: order.pixQrCode, emv: order.pixEmv };
  if (qrCode === null || emv === null) throw alreadyPaid(order);
  return { order_id: order.appmaxOrderId, qr_code: qrCode, emv };
}

/** @param made the new boleto; without one, the order has it. @throws ApiError 409 when it was paid by other means. */
function boletoAnswer(
  order: Order,
  made: { pdfUrl: string; digitableLine: string } | undefined,
): BoletoAnswer {
  const { pdfUrl, digitableLine } = made ?? {
    pdfUrl: order.boletoPdfUrl,
    digitableLine: order.boletoDigitavel,
  };
  if (pdfUrl === null || digitableLine === null) throw alreadyPaid(order);
  return { order_id: order.appmaxOrderId, pdf_url: pdfUrl, digitavel: digitableLine };
}
