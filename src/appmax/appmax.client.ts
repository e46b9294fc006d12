import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../config';
import { type InstallmentPlan, installmentsAnswer } from './answers/installments';
import * as answers from './answers/schemas';
import { AppmaxCaller } from './appmax-caller';
import { AppmaxFailure, missingCodeFailure } from './failures/appmax-failure';
import type { Priority } from './limiter/priority';
import type {
  AppmaxCustomer,
  AppmaxOrder,
  AppmaxUpsell,
  BoletoPayment,
  CardPayment,
  InstallationRequest,
  PixPayment,
  RawCard,
  RefundRequest,
} from './requests';
import type { AppmaxOrderState, UpsellResult } from './results';
import type { SendFence } from './send-fence';
import { AppmaxTokens } from './tokens/appmax-tokens';
import type { Credentials, MerchantCredentials } from './tokens/credentials';

/**
 * The client of Appmax's API, with one method for each endpoint. A method that fails throws an {@link AppmaxFailure},
 * whose kind shows if Appmax may have carried the request out.
 */
@Injectable()
export class AppmaxClient {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly caller: AppmaxCaller,
    private readonly tokens: AppmaxTokens,
  ) {}

  /** Starts an installation. @returns the hash that identifies it until the merchant has consented. */
  async authorize({ domainNames, ...request }: InstallationRequest): Promise<string> {
    const { token } = await this.caller.asApp({
      method: 'POST',
      path: '/app/authorize',
      repetition: 'harmless',
      schema: answers.authorizeAnswer,
      body: {
        app_id: request.appId,
        external_key: request.externalKey,
        url_callback: request.callbackUrl,
        ...(domainNames.length === 0 ? {} : { domain_names: domainNames }),
      },
    });
    return token;
  }

  /** Exchanges an installation's hash for the merchant's credentials, after the merchant's consent. Works once. */
  async generateCredentials(hash: string): Promise<Credentials> {
    const { client } = await this.caller.asApp({
      method: 'POST',
      path: '/app/client/generate',
      repetition: 'never',
      schema: answers.generateAnswer,
      body: { token: hash },
    });
    return { clientId: client.client_id, clientSecret: client.client_secret };
  }

  /** Returns the merchant's bearer token, from the cache or newly fetched. */
  merchantToken(merchant: MerchantCredentials): Promise<string> {
    return this.tokens.withMerchantToken(merchant, (token) => Promise.resolve(token));
  }

  /** Returns true if Appmax issues a token for these credentials. */
  acceptsCredentials(credentials: Credentials): Promise<boolean> {
    return this.tokens.accepts(credentials);
  }

  /** @returns the customer's id. */
  async createCustomer(merchant: MerchantCredentials, customer: AppmaxCustomer): Promise<number> {
    const answer = await this.caller.asMerchant(merchant, {
      method: 'POST',
      path: '/v1/customers',
      repetition: 'harmless',
      schema: answers.customerAnswer,
      body: customer,
    });
    return answer.customer.id;
  }

  /** @returns the order's id and, if Appmax's answer has it, its status. */
  async createOrder(
    merchant: MerchantCredentials,
    order: AppmaxOrder,
    fence?: SendFence,
  ): Promise<{ id: number; status?: string | undefined }> {
    const answer = await this.caller.asMerchant(merchant, {
      method: 'POST',
      path: '/v1/orders',
      repetition: 'never',
      schema: answers.orderAnswer,
      body: order,
      fence,
    });
    return answer.order;
  }

  /**
   * Reads the order's current state.
   *
   * @param priority `payment` if a payment needs it, `background` if no shopper waits for it.
   */
  getOrder(
    merchant: MerchantCredentials,
    orderId: number,
    priority: Priority = 'shopper',
  ): Promise<AppmaxOrderState> {
    return this.caller.asMerchant(merchant, {
      method: 'GET',
      path: `/v1/orders/${orderId}`,
      schema: answers.getOrderAnswer,
      repetition: 'harmless',
      priority,
    });
  }

  /**
   * Charges a card.
   *
   * @returns the order's status at Appmax; undefined if the answer has none.
   * @throws AppmaxFailure `declined` if the card was declined, with the order's status if the answer has it.
   */
  async payByCard(
    merchant: MerchantCredentials,
    { orderId, customerId, card, subscription }: CardPayment,
    fence?: SendFence,
  ): Promise<{ status: string | undefined; upsellHash: string | undefined }> {
    const operation = 'payments/credit-card';
    const answer = await this.caller.asMerchant(merchant, {
      method: 'POST',
      path: '/v1/payments/credit-card',
      repetition: 'never',
      priority: 'payment',
      schema: answers.cardAnswer,
      body: { order_id: orderId, customer_id: customerId, payment_data: { credit_card: card, subscription } },
      seconds: this.config.appmax.cardTimeoutSeconds,
      isDeclinable: true,
      fence,
    });
    if (!answer.recognised) throw new AppmaxFailure('unknown', operation);
    if (answer.declined) throw new AppmaxFailure('declined', operation, { orderStatus: answer.status });
    return { status: answer.status, upsellHash: answer.upsellHash };
  }

  /** Creates a Pix. @returns its QR code as a base64 PNG and its text to copy. */
  async payByPix(
    merchant: MerchantCredentials,
    { orderId, documentNumber, subscription }: PixPayment,
    fence?: SendFence,
  ): Promise<{ qrCode: string; emv: string; expiresAt: Date | undefined }> {
    const { recognised, qrCode, emv, expiresAt } = await this.caller.asMerchant(merchant, {
      method: 'POST',
      path: '/v1/payments/pix',
      repetition: 'never',
      priority: 'payment',
      schema: answers.pixAnswer,
      body: { order_id: orderId, payment_data: { pix: { document_number: documentNumber }, subscription } },
      fence,
    });
    if (qrCode === undefined || emv === undefined) throw missingCodeFailure('payments/pix', recognised);
    return { qrCode, emv, expiresAt };
  }

  /** Creates a boleto. @returns the URL of its PDF and its digitable line. */
  async payByBoleto(
    merchant: MerchantCredentials,
    { orderId, documentNumber }: BoletoPayment,
    fence?: SendFence,
  ): Promise<{ pdfUrl: string; digitableLine: string; dueAt: Date | undefined }> {
    const { recognised, pdfUrl, digitableLine, dueAt } = await this.caller.asMerchant(merchant, {
      method: 'POST',
      path: '/v1/payments/boleto',
      repetition: 'never',
      priority: 'payment',
      schema: answers.boletoAnswer,
      body: { order_id: orderId, payment_data: { boleto: { document_number: documentNumber } } },
      fence,
    });
    if (pdfUrl === undefined || digitableLine === undefined)
      throw missingCodeFailure('payments/boleto', recognised);
    return { pdfUrl, digitableLine, dueAt };
  }

  /** Returns Appmax's plans for 1 to `installments` installments of a total in cents. */
  installments(
    merchant: MerchantCredentials,
    request: { installments: number; totalCents: number },
  ): Promise<InstallmentPlan[]> {
    return this.caller.asMerchant(merchant, {
      method: 'POST',
      path: '/v1/payments/installments',
      repetition: 'harmless',
      schema: installmentsAnswer(request),
      body: { installments: request.installments, total_value: request.totalCents, settings: true },
    });
  }

  /** Exchanges a card for a token that is valid for one payment. */
  async tokenize(merchant: MerchantCredentials, card: RawCard): Promise<string> {
    const { token } = await this.caller.asMerchant(merchant, {
      method: 'POST',
      path: '/v1/payments/tokenize',
      repetition: 'harmless',
      schema: answers.tokenizeAnswer,
      body: { payment_data: { credit_card: card } },
    });
    return token;
  }

  /** Requests a refund. Acceptance does not mean that it is refunded: a webhook reports that later. */
  requestRefund(
    merchant: MerchantCredentials,
    { orderId, type, value }: RefundRequest,
    fence?: SendFence,
  ): Promise<void> {
    return this.caller.asMerchant(merchant, {
      method: 'POST',
      path: '/v1/orders/refund-request',
      acceptsAnyBody: true,
      repetition: 'never',
      schema: answers.acceptedAnswer,
      body: { order_id: orderId, type, ...(type === 'partial' ? { value } : {}) },
      fence,
    });
  }

  /** Sends the shipping tracking code to Appmax. */
  setTrackingCode(merchant: MerchantCredentials, orderId: number, code: string): Promise<void> {
    return this.caller.asMerchant(merchant, {
      method: 'POST',
      path: '/v1/orders/shipping-tracking-code',
      repetition: 'harmless',
      schema: answers.acceptedAnswer,
      body: { order_id: orderId, shipping_tracking_code: code },
    });
  }

  /** Charges an upsell to the card of a previous payment. Only the older form of the answer has the new order's id. */
  upsell(merchant: MerchantCredentials, upsell: AppmaxUpsell, fence?: SendFence): Promise<UpsellResult> {
    return this.caller.asMerchant(merchant, {
      method: 'POST',
      path: '/v1/orders/upsell',
      isDeclinable: true,
      repetition: 'never',
      schema: answers.upsellAnswer,
      body: upsell,
      fence,
    });
  }
}
