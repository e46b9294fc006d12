import { z } from 'zod';
import { errorForms } from '../settings/settings';

/** The ways in which a call can go wrong; docs/simulator.md explains each. */
export const faultKinds = [
  'status',
  'html',
  'hang',
  'reset',
  'truncate',
  'drip',
  'empty_data',
  'success_false',
  'token_revoked',
  'expires_in',
  'empty_body',
  'late',
] as const;
export type FaultKind = (typeof faultKinds)[number];

/** A fault as it is asked for. */
export const faultSchema = z
  .strictObject({
    kind: z.enum(faultKinds),
    /** `POST /v1/orders`, `/v1/orders` (any method), a path, or a beginning with `*` at its end. */
    route: z.string().min(1).optional(),
    /** Before the call has an effect, or after. */
    when: z.enum(['before', 'after']).default('before'),
    /** Only calls with this merchant's token. */
    external_key: z.string().optional(),
    /** How many calls that match pass first. */
    skip: z.number().int().min(0).default(0),
    /** How many calls it is done to; null is for ever. Once, unless a probability is given. */
    times: z.number().int().positive().nullable().optional(),
    probability: z.number().min(0).max(1).default(1),
    /** status, html, empty_body: what is answered; 503, 502 and 200 if left out. */
    status: z.number().int().min(200).max(599).optional(),
    /** status: how the error is written. */
    form: z.enum(errorForms).exclude(['default']).default('message'),
    /** status: the whole body, instead of one of the forms. */
    body: z.unknown().optional(),
    message: z.string().default('Service Unavailable'),
    headers: z.record(z.string(), z.string()).default({}),
    /**
     * hang: after how long the connection is closed. drip: how long the answer takes. late: how long after the
     * call the effect happens.
     */
    seconds: z.number().min(0).max(3600).default(30),
    /** late: the status that is answered at once, or how the connection ends without an answer. */
    answer: z.union([z.number().int().min(200).max(599), z.enum(['hang', 'reset'])]).default(502),
    /** late: whether the payment is taken although the order was paid meanwhile. */
    even_if_paid: z.boolean().default(false),
    /** expires_in: what the token endpoint says, whatever the token's real lifetime. */
    expires_in: z.number().int().default(0),
  })
  .transform((fault) => ({
    ...fault,
    route: fault.route ?? defaultRoutes[fault.kind] ?? '*',
    times: fault.times ?? defaultTimes(fault),
  }));

/** Where a fault strikes that makes no sense everywhere. */
const defaultRoutes: Partial<Record<FaultKind, string>> = {
  token_revoked: '/v1/*',
  expires_in: 'POST /oauth2/token',
  late: 'POST /v1/*',
};

function defaultTimes(fault: { times?: number | null | undefined; probability: number }): number | null {
  return fault.times === null || fault.probability < 1 ? null : 1;
}

export type FaultRequest = z.output<typeof faultSchema>;

/** A fault in force. */
export type Fault = FaultRequest & {
  readonly id: number;
  /** Calls that matched, skipped ones included. */
  seen: number;
  /** Calls that it was done to. */
  hits: number;
};

/** A call, as far as faults care. */
export interface FaultTarget {
  readonly method: string;
  /** The route's pattern: `/v1/orders/:id`. */
  readonly pattern: string;
  readonly path: string;
  readonly externalKey: string | null;
}

/** Whether a fault's `route` means that call. */
export function matchesRoute(route: string, target: FaultTarget): boolean {
  const wanted = route.includes(' ') || route === '*' ? route : `* ${route}`;
  const candidates = [target.pattern, target.path].flatMap((path) => [
    `${target.method} ${path}`,
    `* ${path}`,
  ]);
  return candidates.some((candidate) =>
    wanted.endsWith('*') ? candidate.startsWith(wanted.slice(0, -1)) : candidate === wanted,
  );
}

/** A fault in words, for logs. */
export function describeFault(fault: Fault): string {
  if (fault.kind === 'late')
    return `#${fault.id} late: ${fault.answer} at once, the effect after ${fault.seconds} s`;
  const status = fault.kind in defaultStatuses ? ` ${faultStatus(fault)}` : '';
  return `#${fault.id} ${fault.kind}${status} ${fault.when} the effect`;
}

/** What the kinds of fault that have a `status` answer with when it is left out. */
const defaultStatuses: Partial<Record<FaultKind, number>> = { status: 503, html: 502, empty_body: 200 };

/** Returns the status that a fault of kind `status`, `html` or `empty_body` answers with. */
export function faultStatus(fault: Pick<Fault, 'kind' | 'status'>): number {
  return fault.status ?? defaultStatuses[fault.kind] ?? 503;
}
