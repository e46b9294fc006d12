import { maskLine } from './masking';

/** A text that the log writes as it is: nothing that others have sent is in it, or it is masked. */
export class LogText {
  constructor(readonly text: string) {}

  toString(): string {
    return this.text;
  }
}

/**
 * Makes a log message of our own words. Numbers and inserted {@link LogText}s stay as they are; inserted strings may come
 * from others, so personal data and secrets in them are masked.
 *
 * @example logText`Order ${orderId}: Appmax reports ${status}`
 */
export function logText(
  words: TemplateStringsArray,
  ...values: readonly (string | number | LogText)[]
): LogText {
  const texts = values.map((value) => (typeof value === 'string' ? maskLine(value) : String(value)));
  return new LogText(words.map((word, index) => word + (texts[index] ?? '')).join(''));
}
