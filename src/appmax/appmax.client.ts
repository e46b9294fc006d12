import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { AppmaxConfig, Config } from '../config/config';
import { CONFIG } from '../config/config.module';
import { read } from './answers/answer';
import { installmentsAnswer, type InstallmentPlan } from './answers/installments';
import * as answers from './answers/schemas';
import { AppmaxFailure } from './appmax-failure';
import { AppmaxHttp } from './http/appmax-http';
import type {
  AppmaxCustomer,
  AppmaxOrder,
  AppmaxUpsell,
  BoletoPayment,
  CardPayment,
  PixPayment,
  RawCard,
  RefundRequest,
} from './requests';
import { AppmaxTokens } from './tokens/appmax-tokens';
import type { Credentials, MerchantCredentials } from './tokens/credentials';

/** What Appmax says of an order. */
export interface AppmaxOrderState {
  readonly id: number;
  readonly status: string;
  readonly customerId: number | undefined;
  readonly totalCents: number;
}

/** What an upsell led to. */
export interface UpsellResult {
  readonly message: string | undefined;
  readonly redirectUrl: string | undefined;
  readonly orderId: number | undefined;
}

interface Operation<Value> {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly schema: z.ZodType<Value>;
  readonly body?: unknown;
  readonly seconds?: number;
}

/**
 * Appmax's API, one method an operation. Each makes its call once and throws an {@link AppmaxFailure} that says
 * what became of it.
 */
@Injectable()
export class AppmaxClient {
  private readonly appmax: AppmaxConfig;

  constructor(
    @Inject(CONFIG) config: Config,
    private readonly http: AppmaxHttp,
    private readonly tokens: AppmaxTokens,
  ) {
    this.appmax = config.appmax;
  }

  /** Announces an installation. @returns the hash that names it until the merchant has consented. */
  async authorize(installation: {
    appId: string;
    externalKey: string;
    callbackUrl: string;
  }): Promise<string> {
    const { appId: app_id, externalKey: external_key, callbackUrl: url_callback } = installation;
    const { token } = await this.asApp({
      method: 'POST',
      path: '/app/authorize',
      schema: answers.authorizeAnswer,
      body: { app_id, external_key, url_callback },
    });
    return token;
  }

  /** Turns a hash that the merchant has consented to into the merchant's credentials. Works once. */
  async generateCredentials(hash: string): Promise<Credentials> {
    const { client } = await this.asApp({
      method: 'POST',
      path: '/app/client/generate',
      schema: answers.generateAnswer,
      body: { token: hash },
    });
    return { clientId: client.client_id, clientSecret: client.client_secret };
  }

  /** The merchant's bearer token, from the cache or new. */
  merchantToken(merchant: MerchantCredentials): Promise<string> {
    return this.tokens.withMerchantToken(merchant, (token) => Promise.resolve(token));
  }

  /** Whether Appmax gives a token for these credentials. */
  acceptsCredentials(credentials: Credentials): Promise<boolean> {
    return this.tokens.accepts(credentials);
  }

  /** @returns the customer's id. */
  async createCustomer(merchant: MerchantCredentials, customer: AppmaxCustomer): Promise<number> {
    const answer = await this.asMerchant(merchant, {
      method: 'POST',
      path: '/v1/customers',
      schema: answers.customerAnswer,
      body: customer,
    });
    return answer.customer.id;
  }

  /** @returns the order's id and, where Appmax says it, its status. */
  async createOrder(
    merchant: MerchantCredentials,
    order: AppmaxOrder,
  ): Promise<{ id: number; status?: string | undefined }> {
    const answer = await this.asMerchant(merchant, {
      method: 'POST',
      path: '/v1/orders',
      schema: answers.orderAnswer,
      body: order,
    });
    return answer.order;
  }

  /** The order as Appmax has it. */
  getOrder(merchant: MerchantCredentials, orderId: number): Promise<AppmaxOrderState> {
    return this.asMerchant(merchant, {
      method: 'GET',
      path: `/v1/orders/${orderId}`,
      schema: answers.getOrderAnswer,
    });
  }

  /**
   * Charges a card.
   *
   * @returns the order's status in Appmax's words, undefined where its answer names none.
   * @throws AppmaxFailure `declined` when the issuer refused the card.
   */
  async payByCard(
    merchant: MerchantCredentials,
    { orderId, customerId, card, subscription }: CardPayment,
  ): Promise<{ status: string | undefined; upsellHash: string | undefined }> {
    const operation = 'payments/credit-card';
    const answer = await this.asMerchant(merchant, {
      method: 'POST',
      path: '/v1/payments/credit-card',
      schema: answers.cardAnswer,
      body: { order_id: orderId, customer_id: customerId, payment_data: { credit_card: card, subscription } },
      seconds: this.appmax.cardTimeoutSeconds,
    });
    if (!answer.recognised) throw new AppmaxFailure('unknown', operation);
    if (answer.declined) throw new AppmaxFailure('declined', operation);
    return { status: answer.status, upsellHash: answer.upsellHash };
  }

  /** Makes a Pix: its QR code as a base64 PNG and its text to copy. */
  async payByPix(
    merchant: MerchantCredentials,
    { orderId, documentNumber, subscription }: PixPayment,
  ): Promise<{ qrCode: string; emv: string }> {
    const { qrCode, emv } = await this.asMerchant(merchant, {
      method: 'POST',
      path: '/v1/payments/pix',
      schema: answers.pixAnswer,
      body: { order_id: orderId, payment_data: { pix: { document_number: documentNumber }, subscription } },
    });
    if (qrCode === undefined || emv === undefined) throw new AppmaxFailure('unknown', 'payments/pix');
    return { qrCode, emv };
  }

  /** Makes a boleto: the address of its PDF and the line of digits to type. */
  async payByBoleto(
    merchant: MerchantCredentials,
    { orderId, documentNumber }: BoletoPayment,
  ): Promise<{ pdfUrl: string; digitableLine: string }> {
    const { pdfUrl, digitableLine } = await this.asMerchant(merchant, {
      method: 'POST',
      path: '/v1/payments/boleto',
      schema: answers.boletoAnswer,
      body: { order_id: orderId, payment_data: { boleto: { document_number: documentNumber } } },
    });
    if (pdfUrl === undefined || digitableLine === undefined)
      throw new AppmaxFailure('unknown', 'payments/boleto');
    return { pdfUrl, digitableLine };
  }

  /** What the total costs in one to `installments` parcels. @param request the total in cents. */
  installments(
    merchant: MerchantCredentials,
    request: { installments: number; totalCents: number },
  ): Promise<InstallmentPlan[]> {
    return this.asMerchant(merchant, {
      method: 'POST',
      path: '/v1/payments/installments',
      schema: installmentsAnswer,
      body: { installments: request.installments, total_value: request.totalCents, settings: true },
    });
  }

  /** Turns a card into a token that is good for one payment. */
  async tokenize(merchant: MerchantCredentials, card: RawCard): Promise<string> {
    const { token } = await this.asMerchant(merchant, {
      method: 'POST',
      path: '/v1/payments/tokenize',
      schema: answers.tokenizeAnswer,
      body: { payment_data: { credit_card: card } },
    });
    return token;
  }

  /** Asks for a refund. Accepted is not yet refunded: a webhook tells when it is. */
  requestRefund(merchant: MerchantCredentials, { orderId, type, value }: RefundRequest): Promise<void> {
    return this.asMerchant(merchant, {
      method: 'POST',
      path: '/v1/orders/refund-request',
      schema: answers.acceptedAnswer,
      body: { order_id: orderId, type, ...(type === 'partial' ? { value } : {}) },
    });
  }

  /** Tells the shopper's tracking code. */
  setTrackingCode(merchant: MerchantCredentials, orderId: number, code: string): Promise<void> {
    return this.asMerchant(merchant, {
      method: 'POST',
      path: '/v1/orders/shipping-tracking-code',
      schema: answers.acceptedAnswer,
      body: { order_id: orderId, shipping_tracking_code: code },
    });
  }

  /** Sells more to a shopper who has just paid, on the same card. The older form of the answer names the new order. */
  upsell(merchant: MerchantCredentials, upsell: AppmaxUpsell): Promise<UpsellResult> {
    return this.asMerchant(merchant, {
      method: 'POST',
      path: '/v1/orders/upsell',
      schema: answers.upsellAnswer,
      body: upsell,
    });
  }

  private asApp<Value>(operation: Operation<Value>): Promise<Value> {
    return this.tokens.withAppToken((token) => this.perform(operation, token));
  }

  private asMerchant<Value>(merchant: MerchantCredentials, operation: Operation<Value>): Promise<Value> {
    return this.tokens.withMerchantToken(merchant, (token) => this.perform(operation, token));
  }

  private async perform<Value>(
    { method, path, schema, body, seconds }: Operation<Value>,
    token: string,
  ): Promise<Value> {
    const operation = path.replace(/^\/(v1\/)?/, '').replace(/\d+/, ':id');
    const answer = await this.http.send({
      operation,
      method,
      url: `${this.appmax.apiUrl}${path}`,
      seconds: seconds ?? this.appmax.timeoutSeconds,
      token,
      body,
    });
    return read(operation, schema, answer);
  }
}
