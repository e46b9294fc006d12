import { type Order } from '../orders/order';
import { type BoletoPayment, type CardPayment, type PixPayment } from '../orders/order';
import { type InstallmentsForm, type Settings } from '../settings/settings';

/** A response to an API call. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** A Pix as a response shows it. Both fields are null if the order already has a pending payment. */
export interface ShownPix {
  readonly payment: PixPayment | null;
  /** Base64 of a PNG. */
  readonly picture: string | null;
}

/** The response formats of one generation of Appmax's API. */
export interface AnswerForms {
  /** The status of a response to a call that created something. */
  readonly createdStatus: number;
  order(order: Order, settings: Settings): ApiAnswer;
  /** Returns the response for a card that was charged or authorized. */
  acceptedCard(order: Order, payment: CardPayment, settings: Settings): ApiAnswer;
  pix(order: Order, shown: ShownPix, settings: Settings): ApiAnswer;
  boleto(order: Order, payment: BoletoPayment, pdfUrl: string): ApiAnswer;
  /** The form of the answer with the installment plans. */
  readonly installments: InstallmentsForm;
  upsell(order: Order, redirectUrl: string): ApiAnswer;
}
