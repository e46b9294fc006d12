import { type Answer, type RequestOptions, send } from '../support/http';
import { SECRET_KEY } from '../support/service';
import type { Canary } from './canaries';

/** An answer that is searched for canaries. */
export interface KeptAnswer {
  readonly route: string;
  readonly text: string;
  /** The canaries that the documentation allows in it. */
  readonly except: readonly Canary[];
}

/** The options of a call: values for the parameters of the route's path, and the query. */
export interface RouteCall extends RequestOptions {
  /** The value of `:order_id`. */
  readonly orderId?: number | undefined;
  /** The value of `:id`. */
  readonly eventId?: number | string | undefined;
  /** The value of `:session`. */
  readonly session?: string | undefined;
  /** The value of `:file`. */
  readonly file?: string | undefined;
  readonly query?: Readonly<Record<string, string>>;
  readonly except?: readonly Canary[];
}

/** An open stream. */
export interface OpenStream {
  close(): Promise<void>;
}

/** Calls routes by their templates, with a secret key, and keeps every answer. */
export class CanaryCaller {
  readonly answers: KeptAnswer[] = [];
  /** The routes that answered with a success. */
  readonly succeeded = new Set<string>();
  /** The routes that answered with an error. */
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

  /** Opens a stream, with a secret key if it is an operator's. Its text is kept when it is closed. */
  async stream(route: string, options: RouteCall): Promise<OpenStream> {
    const controller = new AbortController();
    const { ok, body } = await fetch(this.addressOf(route, options), {
      signal: controller.signal,
      headers: route.includes(' /admin/') ? { authorization: `Bearer ${SECRET_KEY}` } : {},
    });
    (ok ? this.succeeded : this.failed).add(route);
    const decoder = new TextDecoder();
    let text = '';
    const reading = (async () => {
      for await (const chunk of body ?? []) text += decoder.decode(chunk as Uint8Array, { stream: true });
    })().catch(() => undefined);
    return {
      close: async () => {
        controller.abort();
        await reading;
        this.answers.push({ route, text, except: [] });
      },
    };
  }

  private addressOf(route: string, call: RouteCall): string {
    const { orderId = 1, eventId = 1, session = 'none', file = 'swagger-ui.css' } = call;
    const [, template = ''] = route.split(' ');
    const path = template
      .replace(':key', this.shop)
      .replace(':order_id', String(orderId))
      .replace(':id', String(eventId))
      .replace(':session', session)
      .replace(':file', file);
    return `${this.url}${path}`;
  }
}
