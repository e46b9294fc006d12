import type { Credentials } from '../../appmax';

/** What is known when Appmax's health check arrives with credentials. */
export interface CallbackSituation {
  /** The credentials that the key is installed with, if it is; `unreadable` when none of our keys opens them. */
  readonly installed: Credentials | 'unreadable' | undefined;
  /** Whether an installation of the key was started here within the hour. */
  readonly started: boolean;
  /** Whether Appmax is being asked for the key's credentials at this moment. */
  readonly generating: boolean;
  readonly offered: Credentials;
}

/**
 * `save`: take the credentials · `keep`: change nothing, and answer as installed · `prove`: take them if Appmax mints a token for
 * them · `conflict`: someone who didn't start an installation here wants to replace the credentials of one.
 */
export type CallbackDecision = 'save' | 'keep' | 'prove' | 'conflict';

/** Who may set a merchant's credentials: the callback is public, and whoever sets them receives the merchant's money. */
export function decideCallback(situation: CallbackSituation): CallbackDecision {
  const { installed, started, generating, offered } = situation;
  if (installed === undefined) return started ? 'save' : 'prove';
  if (installed !== 'unreadable' && areSame(installed, offered)) return 'keep';
  if (started) return 'save';
  // Appmax gives us the credentials only if this is answered, and what it gives replaces whatever is there: refusing
  // it would leave the key to a stranger who came between the start and now.
  return generating ? 'keep' : 'conflict';
}

function areSame(one: Credentials, other: Credentials): boolean {
  return one.clientId === other.clientId && one.clientSecret === other.clientSecret;
}
