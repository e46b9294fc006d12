import type { FastifyRequest } from 'fastify';

/**
 * The rights of a key. `read`: lists and details. `operate`: changes of orders, payments and events. `manage`: keys, the
 * audit log, installations and merchants' credentials. No scope includes another.
 */
export const KEY_SCOPES = ['read', 'operate', 'manage'] as const;
export type KeyScope = (typeof KEY_SCOPES)[number];

/** The key with which a request came. */
export interface KeyHolder {
  /** The id of a key of the database; undefined for one of API_SECRET_KEYS. */
  readonly id: number | undefined;
  /** The key in the audit log and in notes: its name, or for one of API_SECRET_KEYS a fingerprint. */
  readonly name: string;
  readonly scopes: readonly KeyScope[];
  /** The shop to which the key is bound; undefined if it is valid for all shops. */
  readonly shop: BoundShop | undefined;
  readonly expiresAt: Date | undefined;
  /** When the sign-in of the browser ends; undefined for a request with the key itself. */
  readonly signedInUntil?: Date;
}

/** The only shop for which a key is valid. */
export interface BoundShop {
  readonly installationId: number;
  readonly externalKey: string;
}

/** Finds keys of the database. */
export abstract class StoredKeys {
  /** Finds the holder of a key that is neither expired nor revoked. */
  abstract find(token: string): Promise<KeyHolder | undefined>;
}

/** The parts of a request that may have a sign-in. */
export type SignedInRequest = Pick<FastifyRequest, 'method' | 'headers'>;

/** Finds the keys of browsers that are signed in to the console. */
export abstract class SignedIn {
  /** Finds the key of the sign-in of a request. */
  abstract holderOf(request: SignedInRequest): Promise<KeyHolder | undefined>;
}

/** The fields that the access guard sets on a request. */
export interface RequestAccess {
  keyHolder?: KeyHolder | undefined;
  /** True if the key may change things of the shop in the path (scope `operate`). */
  holdsSecretKey?: boolean;
}

/**
 * Returns true if a key has a scope for a shop.
 *
 * @param externalKey the shop; undefined for what concerns all shops, which a key that is bound to a shop may not do.
 */
export function mayAct(holder: KeyHolder | undefined, scope: KeyScope, externalKey?: string): boolean {
  if (holder?.scopes.includes(scope) !== true) return false;
  return holder.shop === undefined || holder.shop.externalKey === externalKey;
}

/** Returns the external_key in a request's path, if its route has one. */
export function shopInPath({ params }: Pick<FastifyRequest, 'params'>): string | undefined {
  return (params as { key?: string } | undefined)?.key;
}

/** Returns the token of an Authorization header with the scheme Bearer. */
export function bearerToken(authorization: string | undefined): string | undefined {
  return /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
}
