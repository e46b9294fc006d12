import type { JSX } from 'preact';
import type { EndpointSummary } from '../../../client/src/generated/types';
import { useDialog } from '../components/dialogs';
import { type Column, List } from '../components/list';
import { MissingScope } from '../components/states';
import { useConsole, useTextsOf } from '../context';
import { minute } from '../format';
import { useLiveReload } from '../live';
import { hrefTo } from '../router';
import { usePages } from '../use-pages';
import { NewEndpoint } from './new-endpoint';
import { EndpointState } from './states';
import { ENDPOINT_TEXTS } from './texts';

/** The list of endpoints that notifications are sent to. */
export function EndpointsView(): JSX.Element {
  const t = useTextsOf(ENDPOINT_TEXTS);
  const { api, language, changes, may } = useConsole();
  const openDialog = useDialog();
  const pages = usePages('endpoints', (range, signal) => api.listEndpoints({ query: range, signal }));
  useLiveReload(changes, pages.reload);
  const columns: Column<EndpointSummary>[] = [
    { label: t('url'), cell: ({ url }) => <span class="wrap">{url}</span> },
    { label: t('state'), cell: (endpoint) => <EndpointState endpoint={endpoint} /> },
    { label: t('shop'), cell: ({ external_key: shop }) => shop ?? t('allShops') },
    { label: t('createdAt'), cell: ({ created_at: at }) => minute(at, language) },
  ];
  return (
    <>
      <p>
        <a href={hrefTo('/notifications')}>← {t('notifications')}</a>
      </p>
      <div class="view-head">
        <h1>{t('endpoints')}</h1>
        <button
          type="button"
          class="button primary small"
          disabled={!may('manage')}
          onClick={() => {
            openDialog((close) => <NewEndpoint onDone={pages.reload} onClose={close} />);
          }}
        >
          {t('create')}
        </button>
      </div>
      {may('manage') ? null : <MissingScope scope="manage" />}
      <List
        label={t('endpoints')}
        pages={pages}
        columns={columns}
        hrefOf={({ id }) => hrefTo(`/endpoints/${String(id)}`)}
        empty={t('noEndpoints')}
      />
    </>
  );
}
