import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useCommonTexts, useConsole } from '../context';
import { count } from '../format';
import { Progress } from './progress';

interface State {
  readonly rows: number;
  readonly total: string;
  readonly phase: 'running' | 'done' | 'failed';
}

/** A button that saves the rows of the current filters as a file, and shows how many have arrived. */
export function CsvExport({
  address,
  fileName,
}: {
  /** The address of the export with its filters. */
  readonly address: string;
  readonly fileName: string;
}): JSX.Element {
  const t = useCommonTexts();
  const { language } = useConsole();
  const [state, setState] = useState<State>();
  const controller = useRef<AbortController>(undefined);
  useEffect(() => () => controller.current?.abort(), []);

  const run = async (): Promise<void> => {
    const own = new AbortController();
    controller.current = own;
    setState({ rows: 0, total: '…', phase: 'running' });
    try {
      await save(address, fileName, own.signal, (rows, total) => {
        setState({ rows, total, phase: 'running' });
      }).then((rows) => {
        setState({ rows, total: String(rows), phase: 'done' });
      });
    } catch {
      setState(own.signal.aborted ? undefined : { rows: 0, total: '', phase: 'failed' });
    }
  };
  if (state?.phase === 'running') {
    const maximum = Number(state.total);
    const total = Number.isNaN(maximum) ? state.total : count(maximum, language);
    return (
      <div class="export">
        <Progress
          label={t('exporting', { count: count(state.rows, language), total })}
          value={state.rows}
          maximum={Number.isNaN(maximum) ? undefined : maximum}
        />
        <button type="button" class="link" onClick={() => controller.current?.abort()}>
          {t('cancel')}
        </button>
      </div>
    );
  }
  return (
    <div class="export">
      <button type="button" class="button plain small" onClick={() => void run()}>
        {t('exportCsv')}
      </button>
      <span role="status" class={state?.phase === 'failed' ? 'error' : 'hint'}>
        {state === undefined ? '' : null}
        {state?.phase === 'done' ? t('exported', { count: count(state.rows, language) }) : null}
        {state?.phase === 'failed' ? t('exportFailed') : null}
      </span>
    </div>
  );
}

/** Reads an export and gives it to the browser as a download. @returns the number of its rows */
async function save(
  address: string,
  fileName: string,
  signal: AbortSignal,
  onProgress: (rows: number, total: string) => void,
): Promise<number> {
  const answer = await fetch(address, { signal });
  if (!answer.ok || answer.body === null) throw new Error(`The export answered ${String(answer.status)}`);
  const total = answer.headers.get('x-order-count') ?? '…';
  const reader = answer.body.getReader();
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  // The first line has the names of the columns.
  let rows = -1;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    pieces.push(value);
    for (const byte of value) if (byte === 10) rows += 1;
    onProgress(Math.max(0, rows), total);
  }
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob(pieces, { type: 'text/csv' }));
  link.download = fileName;
  link.click();
  setTimeout(() => {
    URL.revokeObjectURL(link.href);
  }, 60_000);
  return Math.max(0, rows);
}
