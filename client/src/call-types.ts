import type { CallOptions } from './transport';

interface Generated {
  readonly path?: unknown;
  readonly body?: unknown;
  readonly query?: unknown;
}

/** Path parameters; the key of the shop is that of the client unless it is given. */
type PathOf<Parameters> = 'key' extends keyof Parameters
  ? Omit<Parameters, 'key'> & { readonly key?: string }
  : Parameters;

/** The argument of a call: path parameters, `body` and `query` as generated from the OpenAPI document, and options. */
export type RequestOf<Data extends Generated> = CallOptions &
  (Data extends { readonly path: infer Parameters } ? PathOf<Parameters> : unknown) &
  Pick<Data, Extract<keyof Data, 'body' | 'query'>>;
