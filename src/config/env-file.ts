/** A line of an environment file that can't be read. The message has the line's number and never its text. */
export class EnvFileError extends Error {}

const NAME = /^(?:export\s+)?([A-Za-z_][A-Za-z0-9_.-]*)\s*=(.*)$/s;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\', $: '$' };

/**
 * Reads an environment file by the rules of docker compose, so that both programs read the same values from one file.
 *
 * - A `#` starts a comment at the start of a line or after a blank. `PASSWORD=a#b` is `a#b`.
 * - Blanks around names and values are removed. `export` before a name is ignored.
 * - A value in single or double quotes is taken as it is and may have several lines; in double quotes `\n`, `\"`, `\\`
 *   and `\$` are escapes.
 * - A byte order mark and Windows line ends are ignored.
 *
 * @throws EnvFileError for bytes that are not UTF-8, a line that is not `NAME=value`, or a quote that is not closed.
 */
export function parseEnvFile(bytes: Uint8Array): Record<string, string> {
  const lines = decode(bytes).split(/\r\n|\n|\r/);
  const values: Record<string, string> = {};
  for (let index = 0; index < lines.length; index += 1) {
    const line = (lines[index] ?? '').trim();
    if (line === '' || line.startsWith('#')) continue;
    const number = index + 1;
    const [, name, rest = ''] = NAME.exec(line) ?? [];
    if (name === undefined) throw new EnvFileError(`line ${number} is not NAME=value`);
    let text = rest.trimStart();
    if (!/^["']/.test(text)) {
      values[name] = withoutComment(rest);
      continue;
    }
    while (!isClosed(text)) {
      index += 1;
      if (index >= lines.length) throw new EnvFileError(`line ${number} has a quote that is not closed`);
      text += `\n${lines[index] ?? ''}`;
    }
    values[name] = unquoted(text, number);
  }
  return values;
}

/** Removes a pair of quotes around a value: `docker run --env-file` passes them on. */
export function withoutQuotes(value: string): string {
  const trimmed = value.trim();
  return /^(["']).*\1$/s.test(trimmed) && trimmed.length > 1 ? trimmed.slice(1, -1) : value;
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new EnvFileError('the file is not UTF-8 text: save it as UTF-8');
  }
}

/** Removes a comment: a `#` after a blank. Directly after the `=`, a `#` belongs to the value. */
function withoutComment(value: string): string {
  return value.replace(/\s+#.*$/, '').trim();
}

/** The quoted text at the start of a value: the quote, the content with its escapes, the closing quote. */
const QUOTED = /^"((?:[^"\\]|\\.)*)"|^'([^']*)'/s;

function isClosed(text: string): boolean {
  return QUOTED.test(text);
}

function unquoted(text: string, line: number): string {
  const [whole = '', double, single] = QUOTED.exec(text) ?? [];
  if (!/^\s*(\s#.*)?$/s.test(text.slice(whole.length)))
    throw new EnvFileError(`line ${line} has text after its closing quote`);
  if (double === undefined) return single ?? '';
  return double.replace(/\\(.)/gs, (escape, character: string) => ESCAPES[character] ?? escape);
}
