const CURSOR = /^i([1-9]\d{0,15})$/;

/** The place in a list after the row with this id, for a client to hand back as it is. */
export function encodeCursor(id: number): string {
  return Buffer.from(`i${id}`).toString('base64url');
}

/** @returns the id behind a cursor; undefined when it is none of ours. */
export function decodeCursor(cursor: string): number | undefined {
  const id = Number(CURSOR.exec(Buffer.from(cursor, 'base64url').toString('latin1'))?.[1]);
  return Number.isSafeInteger(id) && encodeCursor(id) === cursor ? id : undefined;
}
