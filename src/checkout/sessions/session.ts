import type { PaymentMethod } from '../../appmax';
import type { ProductDto } from '../dto/customer.dto';

export const LOCALES = ['pt-BR', 'en'] as const;

/** `completed`: paid. `expired`: it takes no new payment; a payment that was sent before may still complete it. */
export const STATES = ['open', 'completed', 'expired'] as const;
export type SessionState = (typeof STATES)[number];

export interface SessionItem extends ProductDto {
  readonly image_url?: string;
}

/** A row of `checkout_sessions`, with its state and its order: the paid one, else the live one. Amounts in cents. */
export interface SessionRow {
  readonly id: number;
  readonly public_id: string;
  readonly installation_id: number;
  readonly reference: string | null;
  readonly request_digest: string;
  readonly items: readonly SessionItem[];
  readonly products_cents: number;
  readonly shipping_cents: number;
  readonly discount_cents: number;
  readonly total_cents: number;
  readonly methods: readonly PaymentMethod[];
  readonly max_installments: number;
  /** The sealed personal data that the shop gave. */
  readonly customer: string | null;
  /** The sealed personal data that the shopper typed. */
  readonly shopper: string | null;
  readonly metadata: Readonly<Record<string, string>> | null;
  readonly success_url: string | null;
  readonly cancel_url: string | null;
  readonly locale: (typeof LOCALES)[number] | null;
  readonly created_at: Date;
  readonly expires_at: Date;
  readonly state: SessionState;
  /** True if a payment was sent whose outcome is not known. */
  readonly payment_under_way: boolean;
  /** The order's id in our database, and at Appmax. */
  readonly order_row_id: number | null;
  readonly order_id: number | null;
  readonly order_status: string | null;
  readonly payment_method: PaymentMethod | null;
}

/** The columns of a new session. */
export type NewSession = Pick<
  SessionRow,
  | 'public_id'
  | 'installation_id'
  | 'reference'
  | 'request_digest'
  | 'items'
  | 'products_cents'
  | 'shipping_cents'
  | 'discount_cents'
  | 'methods'
  | 'max_installments'
  | 'customer'
  | 'metadata'
  | 'success_url'
  | 'cancel_url'
  | 'locale'
> & { readonly expires_in_minutes: number };
