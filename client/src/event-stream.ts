/** One event of a `text/event-stream`. */
export interface StreamEvent {
  readonly id: string;
  readonly data: string;
}

/** The longest unfinished event. */
const MAXIMUM_CHARACTERS = 1024 * 1024;

/** Reads the events of a `text/event-stream`. @param onBytes called for each piece, also of comments */
export async function* eventsOf(
  body: ReadableStream<Uint8Array>,
  onBytes: () => void,
): AsyncGenerator<StreamEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  let id = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      // The text after the last blank line is not complete.
      if (done) return;
      onBytes();
      rest += decoder.decode(value, { stream: true });
      // A carriage return at the end may be the first half of a line end.
      const blocks = rest.replace(/\r\n|\r(?=[^\n])/g, '\n').split('\n\n');
      rest = blocks.pop() ?? '';
      if (rest.length > MAXIMUM_CHARACTERS) throw new Error('An event of the stream is too long.');
      for (const block of blocks) {
        const fields = block.split('\n').map(fieldOf);
        id = fields.filter(([name]) => name === 'id').at(-1)?.[1] ?? id;
        const data = fields.filter(([name]) => name === 'data').map(([, text]) => text);
        if (data.length > 0) yield { id, data: data.join('\n') };
      }
    }
  } finally {
    // The connection is closed, whether the reader has had enough or the stream has ended.
    await reader.cancel().catch(() => undefined);
  }
}

function fieldOf(line: string): readonly [name: string, text: string] {
  const colon = line.indexOf(':');
  return colon < 0 ? [line, ''] : [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, '')];
}
