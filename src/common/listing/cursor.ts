const CURSOR = /^i([1-9]\d{0,15})$/;

/** Encodes the position after a row of a list as an opaque cursor. */
export function encodeCursor(id: number): string {
  return Buffer.from(`i${id}`).toString('base64url');
}

/** Decodes a cursor. @returns the row's id; undefined if the cursor is invalid. */
export function decodeCursor(cursor: string): number | undefined {
  const id = Number(CURSOR.exec(Buffer.from(cursor, 'base64url').toString('latin1'))?.[1]);
  return Number.isSafeInteger(id) && encodeCursor(id) === cursor ? id : undefined;
}
