import type { Credentials } from '../appmax/tokens/credentials';

/** What is known when Appmax's health check arrives with credentials. */
export interface CallbackSituation {
  /** The credentials that the key is installed with, if it is; `unreadable` when none of our keys opens them. */
  readonly installed: Credentials | 'unreadable' | undefined;
  /** Whether an installation of the key was started here within the hour. */
  readonly started: boolean;
  readonly offered: Credentials;
}

/**
 * `save`: take the credentials · `keep`: they are the ones we have · `prove`: take them if Appmax mints a token for
 * them · `conflict`: someone who didn't start an installation here wants to replace the credentials of one.
 */
export type CallbackDecision = 'save' | 'keep' | 'prove' | 'conflict';

/** Who may set a merchant's credentials: the callback is public, and whoever sets them receives the merchant's money. */
export function decideCallback({ installed, started, offered }: CallbackSituation): CallbackDecision {
  if (installed === undefined) return started ? 'save' : 'prove';
  if (installed !== 'unreadable' && areSame(installed, offered)) return 'keep';
  return started ? 'save' : 'conflict';
}

function areSame(one: Credentials, other: Credentials): boolean {
  return one.clientId === other.clientId && one.clientSecret === other.clientSecret;
}
