/** An installation to start. */
export interface InstallationRequest {
  /** The app's UUID. */
  readonly appId: string;
  readonly externalKey: string;
  readonly callbackUrl: string;
  /** The hosts of the shops' checkouts: wallets work only on these. */
  readonly domainNames: readonly string[];
}

/** A product of an order, in the format of Appmax's API. In this file, all amounts are in cents. */
export interface AppmaxProduct {
  readonly sku: string;
  readonly name: string;
  readonly quantity: number;
  readonly unit_value?: number | undefined;
  readonly type?: 'physical' | 'digital' | undefined;
}

export interface AppmaxAddress {
  readonly postcode: string;
  readonly street: string;
  readonly number: string;
  readonly complement?: string | undefined;
  readonly district: string;
  readonly city: string;
  readonly state: string;
}

export interface AppmaxCustomer {
  readonly first_name: string;
  readonly last_name: string;
  readonly email: string;
  readonly phone: string;
  readonly document_number: string;
  readonly ip: string;
  readonly address?: AppmaxAddress | undefined;
  readonly products?: readonly AppmaxProduct[] | undefined;
  readonly tracking?:
    { readonly utm_source?: string | undefined; readonly utm_campaign?: string | undefined } | undefined;
}

export interface AppmaxOrder {
  readonly customer_id: number;
  readonly products: readonly AppmaxProduct[];
  readonly products_value: number;
  readonly discount_value: number;
  readonly shipping_value: number;
}

export interface AppmaxSubscription {
  readonly interval: string;
  readonly interval_count: number;
}

/** A card: either a token from the browser, or the raw card data. */
export interface AppmaxCard {
  readonly token?: string | undefined;
  readonly number?: string | undefined;
  readonly cvv?: string | undefined;
  readonly expiration_month?: string | undefined;
  readonly expiration_year?: string | undefined;
  readonly holder_name: string;
  readonly holder_document_number: string;
  readonly installments: number;
  readonly soft_descriptor?: string | undefined;
  readonly upsell_hash?: string | undefined;
}

export interface CardPayment {
  readonly orderId: number;
  readonly customerId: number;
  readonly card: AppmaxCard;
  readonly subscription?: AppmaxSubscription | undefined;
}

export interface PixPayment {
  readonly orderId: number;
  readonly documentNumber: string;
  readonly subscription?: AppmaxSubscription | undefined;
}

export interface BoletoPayment {
  readonly orderId: number;
  readonly documentNumber: string;
}

/** Raw card data, as the shopper typed it. */
export interface RawCard {
  readonly number: string;
  readonly cvv: string;
  readonly expiration_month: string;
  readonly expiration_year: string;
  readonly holder_name: string;
}

/** A refund; a partial one has `value`, in cents. */
export interface RefundRequest {
  readonly orderId: number;
  readonly type: 'total' | 'partial';
  readonly value?: number | undefined;
}

export interface AppmaxUpsell {
  readonly upsell_hash: string;
  readonly products_value: number;
  readonly products: readonly AppmaxProduct[];
}
