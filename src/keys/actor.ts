import type { KeyHolder } from '../common/access/key-holder';

/** The author of an entry of the audit log. */
export const ACTORS = ['root_key', 'key', 'command'] as const;

export interface Actor {
  /** `root_key`: one of API_SECRET_KEYS. `key`: a key of the database. `command`: a command on the machine. */
  readonly kind: (typeof ACTORS)[number];
  /** The id of a key of the database. */
  readonly keyId: number | undefined;
  readonly name: string;
}

/** A command on the machine, which has no key. */
export const COMMAND: Actor = { kind: 'command', keyId: undefined, name: 'command line' };

/** Returns the holder of a key as an author. */
export function actorOf({ id, name }: KeyHolder): Actor {
  return { kind: id === undefined ? 'root_key' : 'key', keyId: id, name };
}
