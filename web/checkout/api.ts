/** A line of the summary. */
export interface Item {
  readonly name: string;
  readonly quantity: number;
  readonly unit_value: number;
  readonly image_url?: string;
}

export type Method = 'credit_card' | 'pix' | 'boleto';
export type CustomerField = 'first_name' | 'last_name' | 'email' | 'phone' | 'document_number';
export type Customer = Partial<Record<CustomerField, string>>;

export interface Pix {
  readonly qr_code: string;
  readonly emv: string;
  readonly expires_at: string | null;
}

export interface Boleto {
  readonly pdf_url: string;
  readonly digitavel: string;
  readonly due_at: string | null;
}

/** The page's data of its session: the answer of `GET /pay/{session}/view`. */
export interface View {
  readonly id: string;
  readonly status: 'open' | 'completed' | 'expired';
  readonly items: readonly Item[];
  readonly products_value: number;
  readonly shipping_value: number;
  readonly discount_value: number;
  readonly total_value: number;
  readonly methods: readonly Method[];
  readonly max_installments: number;
  readonly locale?: string;
  readonly success_url?: string;
  readonly cancel_url?: string;
  readonly customer: Customer;
  readonly missing_fields: readonly CustomerField[];
  /** The fields that the shopper, not the shop, has given. */
  readonly typed_fields?: readonly CustomerField[];
  /** True while a payment was sent and its outcome is not known. */
  readonly payment_under_way?: boolean;
  readonly order_id?: number;
  readonly pix?: Pix;
  readonly boleto?: Boleto;
  readonly card?: { readonly external_id: string; readonly script_url: string };
}

/** A number of installments with its true total. */
export interface Plan {
  readonly installments: number;
  readonly value: number;
  readonly total_value: number;
}

/** A refusal of the service, or a request without an answer (`network`). */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly fields: readonly string[] = [],
  ) {
    super(code);
  }
}

/** The pauses before a request without an answer is sent again, with the same key. */
const PAUSES_MILLISECONDS = [500, 1500, 4000];

/** The calls of a session. */
export class SessionApi {
  /** Milliseconds by which the server's clock is ahead of this device's. */
  clockOffset = 0;

  readonly session: string;

  /** @param base the address of the session, `/pay/{session}` */
  constructor(private readonly base: string) {
    this.session = base.slice(base.lastIndexOf('/') + 1);
  }

  view = (): Promise<View> => this.call('view');
  plans = (): Promise<Plan[]> => this.call('installments');
  status = (): Promise<Pick<View, 'status' | 'payment_under_way'>> => this.call('status');

  /**
   * Pays. The key is the same for every repetition of one click, so that a lost answer does not pay twice.
   * @param key identifies the click
   */
  pay<Answer>(method: 'credit-card' | 'pix' | 'boleto', body: unknown, key: string): Promise<Answer> {
    return this.call(method, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify(body),
    });
  }

  /** Follows the status of the session's order. @returns a function that stops */
  follow(onChange: () => void): () => void {
    const stream = new EventSource(`${this.base}/stream`);
    stream.onmessage = onChange;
    return () => {
      stream.close();
    };
  }

  now(): number {
    return Date.now() + this.clockOffset;
  }

  private async call<Answer>(path: string, init?: RequestInit): Promise<Answer> {
    for (const pause of [...PAUSES_MILLISECONDS, undefined]) {
      const answer = await fetch(`${this.base}/${path}`, init).catch(() => undefined);
      if (answer !== undefined) return this.read<Answer>(answer);
      if (pause === undefined) break;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
    throw new Refusal(0, 'network');
  }

  private async read<Answer>(answer: Response): Promise<Answer> {
    const date = Date.parse(answer.headers.get('date') ?? '');
    if (!Number.isNaN(date)) this.clockOffset = date - Date.now();
    const body = (await answer.json().catch(() => undefined)) as unknown;
    if (answer.ok && body !== undefined) return body as Answer;
    const { code, errors } = (body ?? {}) as { code?: string; errors?: { field: string }[] };
    throw new Refusal(
      answer.ok ? 0 : answer.status,
      // An error page of a proxy: the request may have reached the service.
      code ?? (answer.status >= 500 ? 'payment_outcome_unknown' : 'other'),
      errors?.map(({ field }) => field),
    );
  }
}
