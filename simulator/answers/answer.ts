import { type Order } from '../orders/order';
import { type BoletoPayment, type CardPayment, type PixPayment } from '../orders/order';
import { type InstallmentPlan } from '../payments/installments';
import { type Settings } from '../settings/settings';

/** An answer to a call. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** A Pix with what is shown of it; no picture and no code when the order has a payment pending already. */
export interface ShownPix {
  readonly payment: PixPayment | null;
  /** Base64 of a PNG. */
  readonly picture: string | null;
}

/** How one generation of Appmax writes its answers. */
export interface AnswerForms {
  /** What is answered to a call that created something. */
  readonly createdStatus: number;
  order(order: Order, settings: Settings): ApiAnswer;
  /** A card that was charged or authorised. */
  acceptedCard(order: Order, payment: CardPayment, settings: Settings): ApiAnswer;
  pix(order: Order, shown: ShownPix, settings: Settings): ApiAnswer;
  boleto(order: Order, payment: BoletoPayment, pdfUrl: string): ApiAnswer;
  installments(plans: readonly InstallmentPlan[], settings: Settings): ApiAnswer;
  upsell(order: Order, redirectUrl: string): ApiAnswer;
}
