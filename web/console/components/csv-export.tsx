import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useCommonTexts, useConsole } from '../context';
import { count } from '../format';
import { Progress } from './progress';
import { saveExport } from './save-export';

interface State {
  readonly rows: number;
  readonly total: string;
  readonly phase: 'running' | 'done' | 'failed' | 'byBrowser';
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
      const rows = await saveExport({ address, fileName }, own.signal, (count, total) => {
        setState({ rows: count, total, phase: 'running' });
      });
      if (rows === undefined) setState({ rows: 0, total: '', phase: 'byBrowser' });
      else setState({ rows, total: String(rows), phase: 'done' });
    } catch (error) {
      const isCancelled =
        own.signal.aborted || (error instanceof DOMException && error.name === 'AbortError');
      setState(isCancelled ? undefined : { rows: 0, total: '', phase: 'failed' });
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
        {state?.phase === 'done' ? t('exported', { count: count(state.rows, language) }) : null}
        {state?.phase === 'byBrowser' ? t('exportedByBrowser') : null}
        {state?.phase === 'failed' ? t('exportFailed') : null}
      </span>
    </div>
  );
}
