import { send, type Answer, type RequestOptions } from '../support/http';
import { SECRET_KEY } from '../support/service';
import type { Canary } from './canaries';

/** Something that was answered, to be searched. */
export interface KeptAnswer {
  readonly route: string;
  readonly text: string;
  /** What may stand in it, as it is documented. */
  readonly except: readonly Canary[];
}

/** A call of a route: what goes in the places of its template, and beside its path. */
export interface RouteCall extends RequestOptions {
  /** For `:order_id`. */
  readonly orderId?: number | undefined;
  /** For `:id`. */
  readonly eventId?: number | undefined;
  readonly query?: Readonly<Record<string, string>>;
  readonly except?: readonly Canary[];
}

/** An open stream. */
export interface OpenStream {
  close(): Promise<void>;
}

/** Calls routes by their templates as a holder of a secret key does, and keeps all that is answered. */
export class CanaryCaller {
  readonly answers: KeptAnswer[] = [];
  /** The routes that were called with success. */
  readonly succeeded = new Set<string>();
  /** The routes that refused, or failed. */
  readonly failed = new Set<string>();

  constructor(
    private readonly url: string,
    private readonly shop: string,
  ) {}

  async call(route: string, options: RouteCall = {}): Promise<Answer> {
    const [method = ''] = route.split(' ');
    const { except = [], query = {} } = options;
    const search = new URLSearchParams(query).toString();
    const address = `${this.addressOf(route, options)}${search === '' ? '' : `?${search}`}`;
    const answer = await send(method, address, { secretKey: SECRET_KEY, ...options });
    (answer.status < 400 ? this.succeeded : this.failed).add(route);
    const headers = [...answer.headers].map((header) => header.join(': ')).join('\n');
    this.answers.push({ route, text: `${headers}\n${answer.text}`, except });
    return answer;
  }

  /** Opens a stream; what has come is kept when it is closed. */
  async stream(route: string, options: RouteCall): Promise<OpenStream> {
    const left = new AbortController();
    const { ok, body } = await fetch(this.addressOf(route, options), { signal: left.signal });
    (ok ? this.succeeded : this.failed).add(route);
    const decoder = new TextDecoder();
    let text = '';
    const reading = (async () => {
      for await (const chunk of body ?? []) text += decoder.decode(chunk as Uint8Array, { stream: true });
    })().catch(() => undefined);
    return {
      close: async () => {
        left.abort();
        await reading;
        this.answers.push({ route, text, except: [] });
      },
    };
  }

  private addressOf(route: string, { orderId = 1, eventId = 1 }: RouteCall): string {
    const [, template = ''] = route.split(' ');
    const path = template
      .replace(':key', this.shop)
      .replace(':order_id', String(orderId))
      .replace(':id', String(eventId))
      .replace(':file', 'swagger-ui.css');
    return `${this.url}${path}`;
  }
}
