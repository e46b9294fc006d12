import { maskLine } from '../common/masking';

/** What a line may carry beside its message. Whatever else it is given is left out: a new field is added here first. */
const FIELDS: ReadonlySet<string> = new Set([
  'context',
  'counts',
  'err',
  'externalId',
  'installationId',
  'orderId',
  'outcome',
  'reason',
  'req',
  'res',
  'responseTime',
]);

/** These have serialisers of their own, which take from them what may be logged. */
const SERIALISED: ReadonlySet<string> = new Set(['err', 'req', 'res']);

const LONGEST_TEXT = 1_000;
const STACK_FRAMES = 20;

/** The fields of a line that may be logged. Bodies, headers and rows are none, so no list has to name their secrets. */
export function loggableFields(fields: Record<string, unknown>): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  const left: string[] = [];
  for (const [name, value] of Object.entries(fields)) {
    if (!FIELDS.has(name)) left.push(name);
    else if (SERIALISED.has(name)) kept[name] = value;
    else kept[name] = loggableValue(value);
  }
  // By its name, so that whoever wonders where it is finds this list; never by its value.
  return left.length === 0 ? kept : { ...kept, leftOut: left.map(loggableText) };
}

/** A text that was not written here, or not only: bounded, and without what is nobody's business. */
export function loggableText(text: string): string {
  return maskLine(text.slice(0, LONGEST_TEXT));
}

/** A path, part by part, as it reads decoded: a part may be a key that someone made of a document or an address. */
export function loggablePath(url: string): string {
  const path = url.split('?', 1)[0] ?? '';
  return path.slice(0, LONGEST_TEXT).split('/').map(decoded).map(maskLine).join('/');
}

/** However often it was encoded: each time takes a third of it away at least. */
function decoded(text: string): string {
  try {
    const once = decodeURIComponent(text);
    return once === text ? text : decoded(once);
  } catch {
    return text;
  }
}

/**
 * Of an error: what it is and where it came from, never the values that it was thrown with: those of drivers carry
 * queries and rows. pino-http hands over errors that pino has made plain objects of; elsewhere they come as thrown.
 */
export function loggableError(error: unknown): Record<string, unknown> {
  if (typeof error !== 'object' || error === null) return { message: loggableText(String(error)) };
  const { type, name, message, stack, code } = error as Record<string, unknown>;
  return {
    type: type ?? name,
    message: loggableText(String(message)),
    stack: framesOf(stack, message),
    ...(typeof code === 'string' ? { code } : {}),
  };
}

/** Where an error came from, without the message that its stack begins with: that may look like anything. */
function framesOf(stack: unknown, message: unknown): string {
  if (typeof stack !== 'string') return '';
  const places = typeof message === 'string' ? stack.replace(message, () => '') : stack;
  const frames = places
    .split('\n')
    .filter((line) => /^\s+at (?:\S+ ){0,5}\(?[^()\s]+:\d+:\d+\)?$/.test(line));
  return frames.slice(0, STACK_FRAMES).join('\n');
}

function loggableValue(value: unknown): unknown {
  if (typeof value === 'string') return loggableText(value);
  if (typeof value !== 'object' || value === null) return value;
  const numbers = Object.entries(value).filter(([, count]) => typeof count === 'number');
  return Object.fromEntries(numbers.map(([name, count]) => [loggableText(name), count as number]));
}
