/** Called with the number of rows that have arrived, and with the number of all rows as the API tells it. */
export type OnProgress = (rows: number, total: string) => void;

interface Export {
  /** The address of the export with its filters. */
  readonly address: string;
  readonly fileName: string;
}

/** The part of a file picker that an export needs. Only Chromium has one, and TypeScript does not know it. */
interface FilePicker {
  showSaveFilePicker?: (options: {
    suggestedName: string;
  }) => Promise<{ createWritable: () => Promise<WritableStream<Uint8Array>> }>;
}

/**
 * Saves an export as a file. Up to 100,000 rows (about 15 MB) are collected in the page. More are written to the file that
 * the operator chooses while they arrive; a browser that has no such files downloads them by itself.
 *
 * @returns the number of rows; undefined if the browser downloads them. @throws DOMException AbortError if it is cancelled
 */
export async function saveExport(
  { address, fileName }: Export,
  signal: AbortSignal,
  onProgress: OnProgress,
): Promise<number | undefined> {
  const counting = new AbortController();
  const { total, body } = await begin(address, AbortSignal.any([signal, counting.signal]));
  const rows = countingRows(total, onProgress);
  // The API counts to 100,000.
  if (!total.endsWith('+')) {
    const blob = await new Response(body.pipeThrough(rows.stream)).blob();
    const url = URL.createObjectURL(new Blob([blob], { type: 'text/csv' }));
    download(url, fileName);
    setTimeout(() => {
      URL.revokeObjectURL(url);
    }, 60_000);
    return rows.count();
  }
  // The choice of a file may take minutes, in which nothing would be read.
  counting.abort();
  const file = await chooseFile(fileName);
  if (file === undefined) {
    download(address, fileName);
    return undefined;
  }
  const again = await begin(address, signal);
  await again.body.pipeThrough(rows.stream).pipeTo(file, { signal });
  return rows.count();
}

/** Asks for an export. @returns its number of rows as the API tells it, and its content */
async function begin(
  address: string,
  signal: AbortSignal,
): Promise<{ readonly total: string; readonly body: ReadableStream<Uint8Array<ArrayBuffer>> }> {
  const answer = await fetch(address, { signal });
  if (!answer.ok || answer.body === null) throw new Error(`The export answered ${String(answer.status)}`);
  return { total: answer.headers.get('x-order-count') ?? '…', body: answer.body };
}

/** Lets the operator choose a file. @returns undefined if the browser can't */
async function chooseFile(suggestedName: string): Promise<WritableStream<Uint8Array> | undefined> {
  const { showSaveFilePicker: choose } = window as FilePicker;
  if (choose === undefined) return undefined;
  try {
    return await (await choose({ suggestedName })).createWritable();
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    return undefined;
  }
}

/** A stream that counts the rows that pass. The first line has the names of the columns. */
function countingRows(
  total: string,
  onProgress: OnProgress,
): {
  readonly stream: TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>;
  readonly count: () => number;
} {
  let lines = 0;
  const count = (): number => Math.max(0, lines - 1);
  const stream = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(piece, controller) {
      for (const byte of piece) if (byte === 10) lines += 1;
      onProgress(count(), total);
      controller.enqueue(piece);
    },
  });
  return { stream, count };
}

function download(href: string, fileName: string): void {
  const link = document.createElement('a');
  link.href = href;
  link.download = fileName;
  link.click();
}
