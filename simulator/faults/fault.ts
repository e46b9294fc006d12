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

/** The request for a fault. */
export const faultSchema = z
  .strictObject({
    kind: z.enum(faultKinds),
    /** `POST /v1/orders`, `/v1/orders` (any method), a path, or a prefix that ends with `*`. */
    route: z.string().min(1).optional(),
    /** Before or after the call has its effect. */
    when: z.enum(['before', 'after']).default('before'),
    /** Only calls with this merchant's token. */
    external_key: z.string().optional(),
    /** Number of matching calls that pass first. */
    skip: z.number().int().min(0).default(0),
    /** Number of calls that it applies to; null: no limit. Default: 1, or null with a probability below 1. */
    times: z.number().int().positive().nullable().optional(),
    probability: z.number().min(0).max(1).default(1),
    /** status, html, empty_body: the response status; by default 503, 502 and 200. */
    status: z.number().int().min(200).max(599).optional(),
    /** status: the form of the error. */
    form: z.enum(errorForms).exclude(['default']).default('message'),
    /** status: the whole body, instead of one of the forms. */
    body: z.unknown().optional(),
    message: z.string().default('Service Unavailable'),
    headers: z.record(z.string(), z.string()).default({}),
    /**
     * hang: seconds until the connection is closed. drip: seconds that the response takes. late: seconds from the
     * call to its effect.
     */
    seconds: z.number().min(0).max(3600).default(30),
    /** drip: the number of pieces of the response. */
    pieces: z.number().int().min(1).max(1000).default(40),
    /** late: the status of the immediate response, or how the connection ends without a response. */
    answer: z.union([z.number().int().min(200).max(599), z.enum(['hang', 'reset'])]).default(502),
    /** late: true if the payment is taken even if the order was paid in the meantime. */
    even_if_paid: z.boolean().default(false),
    /** expires_in: the value in the token response, whatever the token's real lifetime. */
    expires_in: z.number().int().default(0),
  })
  .transform((fault) => ({
    ...fault,
    route: fault.route ?? defaultRoutes[fault.kind] ?? '*',
    times: fault.times ?? defaultTimes(fault),
  }));

/** The default routes of the kinds that apply only to certain calls. */
const defaultRoutes: Partial<Record<FaultKind, string>> = {
  token_revoked: '/v1/*',
  expires_in: 'POST /oauth2/token',
  late: 'POST /v1/*',
};

function defaultTimes(fault: { times?: number | null | undefined; probability: number }): number | null {
  return fault.times === null || fault.probability < 1 ? null : 1;
}

export type FaultRequest = z.output<typeof faultSchema>;

/** An active fault. */
export type Fault = FaultRequest & {
  readonly id: number;
  /** Calls that matched, skipped ones included. */
  seen: number;
  /** Calls that it was applied to. */
  hits: number;
};

/** The data of a call that decides which fault applies. */
export interface FaultTarget {
  readonly method: string;
  /** The route's pattern: `/v1/orders/:id`. */
  readonly pattern: string;
  readonly path: string;
  readonly externalKey: string | null;
}

/** Returns true if a fault's `route` matches the call. */
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

/** Describes a fault as text, for logs and pages. */
export function describeFault(fault: Fault): string {
  if (fault.kind === 'late')
    return `#${fault.id} late: ${fault.answer} at once, the effect after ${fault.seconds} s`;
  const status = fault.kind in defaultStatuses ? ` ${faultStatus(fault)}` : '';
  return `#${fault.id} ${fault.kind}${status} ${fault.when} the effect`;
}

/** The default statuses of the kinds of fault that have a `status`. */
const defaultStatuses: Partial<Record<FaultKind, number>> = { status: 503, html: 502, empty_body: 200 };

/** Returns the status that a fault of kind `status`, `html` or `empty_body` answers with. */
export function faultStatus(fault: Pick<Fault, 'kind' | 'status'>): number {
  return fault.status ?? defaultStatuses[fault.kind] ?? 503;
}
