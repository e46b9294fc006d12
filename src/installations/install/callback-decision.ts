import type { Credentials } from '../../appmax';

/** The input for a decision about a health check with credentials. */
export interface CallbackSituation {
  /** The stored credentials of the external_key, if it is installed; `unreadable` if none of our keys opens them. */
  readonly installed: Credentials | 'unreadable' | undefined;
  /** True if an installation of the external_key was started here within the last hour. */
  readonly started: boolean;
  /** True while our request for the external_key's credentials is running at Appmax. */
  readonly generating: boolean;
  readonly offered: Credentials;
}

/**
 * The decision about a health check:
 *
 * - `save`: save the credentials.
 * - `keep`: change nothing, and answer as installed.
 * - `prove`: save the credentials if Appmax issues a token for them.
 * - `conflict`: refuse, because the credentials of an installation would be replaced without a start here.
 */
export type CallbackDecision = 'save' | 'keep' | 'prove' | 'conflict';

/** Decides if a health check, which is public, may set a merchant's credentials: they decide who gets the money. */
export function decideCallback(situation: CallbackSituation): CallbackDecision {
  const { installed, started, generating, offered } = situation;
  if (installed === undefined) return started ? 'save' : 'prove';
  if (installed !== 'unreadable' && areSame(installed, offered)) return 'keep';
  if (started) return 'save';
  // Appmax sends us the credentials only after a success here, and they replace the stored ones. A refusal would leave
  // the key with the credentials of another caller that came after the start.
  return generating ? 'keep' : 'conflict';
}

function areSame(one: Credentials, other: Credentials): boolean {
  return one.clientId === other.clientId && one.clientSecret === other.clientSecret;
}
