import { maskLine } from '../common/masking';

/** The fields that a log line may have, apart from its message. All others are left out: add a new field here first. */
const FIELDS: ReadonlySet<string> = new Set([
  'context',
  'counts',
  'endpointId',
  'err',
  'externalId',
  'installationId',
  'operationId',
  'orderId',
  'outcome',
  'reason',
  'req',
  'res',
  'responseTime',
  'trace_id',
]);

/** A UUID of ours: its digits may look like a document number by chance. */
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Fields with their own serialisers, which select what may be logged. */
const SERIALISED: ReadonlySet<string> = new Set(['err', 'req', 'res']);

const LONGEST_TEXT = 1_000;
const STACK_FRAMES = 20;

/** Returns the fields that may be logged. This is an allow-list, so that bodies, headers and rows are never logged. */
export function loggableFields(fields: Record<string, unknown>): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  const omitted: string[] = [];
  for (const [name, value] of Object.entries(fields)) {
    if (!FIELDS.has(name)) omitted.push(name);
    else if (SERIALISED.has(name)) kept[name] = value;
    else kept[name] = loggableValue(value);
  }
  // The names of omitted fields, never their values, so that a developer sees why a field is missing.
  return omitted.length === 0 ? kept : { ...kept, leftOut: omitted.map(maskedLogText) };
}

/** Shortens a text to 1,000 characters and masks personal data and secrets in it. */
export function maskedLogText(text: string): string {
  return maskLine(text.slice(0, LONGEST_TEXT));
}

/** Decodes and masks each part of a path: a part may be a key that contains a document number or an email address. */
export function maskedPath(url: string): string {
  const path = url.split('?', 1)[0] ?? '';
  return path.slice(0, LONGEST_TEXT).split('/').map(decoded).map(maskLine).join('/');
}

/** Decodes a text as often as it was encoded. This ends, because each step makes the text shorter. */
function decoded(text: string): string {
  try {
    const once = decodeURIComponent(text);
    return once === text ? text : decoded(once);
  } catch {
    return text;
  }
}

/**
 * Returns type, message, code and stack of an error, and no other properties: errors of drivers contain queries and
 * rows. The error is an Error, or a plain object with its properties.
 */
export function loggableError(error: unknown): Record<string, unknown> {
  if (typeof error !== 'object' || error === null) return { message: maskedLogText(String(error)) };
  const { type, name, message, stack, code } = error as Record<string, unknown>;
  return {
    type: type ?? name,
    message: maskedLogText(String(message)),
    stack: framesOf(stack, message),
    ...(typeof code === 'string' ? { code } : {}),
  };
}

/** Returns the frames of a stack, without the message at its beginning, which may contain anything. */
function framesOf(stack: unknown, message: unknown): string {
  if (typeof stack !== 'string') return '';
  const frameLines = typeof message === 'string' ? stack.replace(message, () => '') : stack;
  const frames = frameLines
    .split('\n')
    .filter((line) => /^\s+at (?:\S+ ){0,5}\(?[^()\s]+:\d+:\d+\)?$/.test(line));
  return frames.slice(0, STACK_FRAMES).join('\n');
}

function loggableValue(value: unknown): unknown {
  if (typeof value === 'string') return UUID.test(value) ? value : maskedLogText(value);
  if (typeof value !== 'object' || value === null) return value;
  const numbers = Object.entries(value).filter(([, count]) => typeof count === 'number');
  return Object.fromEntries(numbers.map(([name, count]) => [maskedLogText(name), count as number]));
}
