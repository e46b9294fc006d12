import type { Credentials } from '../../../appmax';

/** The input for a decision about a health check with credentials. */
export interface CallbackSituation {
  /** The stored credentials of the external_key, if it is installed; `unreadable` if none of our keys opens them. */
  readonly installed: Credentials | 'unreadable' | undefined;
  /** The kind of a start of the external_key within the last hour that the health check may use. */
  readonly start: 'authorised' | 'public' | undefined;
  /** True while our request for the external_key's credentials is running at Appmax. */
  readonly generating: boolean;
  readonly offered: Credentials;
}

/**
 * The decision about a health check:
 *
 * - `save`: save the credentials.
 * - `keep`: change nothing, and answer as installed.
 * - `acknowledge`: change nothing, and answer the external_id of the start.
 * - `prove`: save the credentials if Appmax issues a token for them.
 * - `conflict`: refuse, because the credentials of an installation would be replaced without a start here.
 */
export type CallbackDecision = 'save' | 'keep' | 'acknowledge' | 'prove' | 'conflict';

/** Decides if a health check, which is public, may set a merchant's credentials: they decide who gets the money. */
export function decideCallback(situation: CallbackSituation): CallbackDecision {
  const { installed, start, generating, offered } = situation;
  if (installed === undefined) {
    if (start === 'authorised') return 'save';
    // Anyone can start a new key, so a public start proves nothing about the credentials. While our own request runs,
    // they come with its answer, and Appmax may issue no token for them before.
    return start === 'public' && generating ? 'acknowledge' : 'prove';
  }
  if (installed !== 'unreadable' && areSame(installed, offered)) return 'keep';
  if (start === 'authorised') return 'save';
  // Appmax sends us the credentials only after a success here, and they replace the stored ones. A refusal would leave
  // the key with the credentials of another caller that came after the start.
  return generating ? 'keep' : 'conflict';
}

function areSame(one: Credentials, other: Credentials): boolean {
  return one.clientId === other.clientId && one.clientSecret === other.clientSecret;
}
