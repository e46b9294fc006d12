/** An address that its owner recognises, and nobody else can use: `m…@example.com`. */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@');
  return at < 1 ? maskDigits(email) : `${email.slice(0, 1)}…${email.slice(at)}`;
}

/** A document or a telephone number by its last two characters: `…99`. */
export function maskDigits(text: string): string {
  return `…${text.length > 4 ? text.slice(-2) : ''}`;
}
