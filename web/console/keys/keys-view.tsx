import type { JSX } from 'preact';
import type { KeySummary } from '../../../client/src/generated/types';
import { Confirm } from '../components/confirm';
import { useDialog } from '../components/dialogs';
import { type Column, List } from '../components/list';
import { Status } from '../components/status';
import { useConsole, useTextsOf } from '../context';
import { minute } from '../format';
import { hrefTo } from '../router';
import { usePages } from '../use-pages';
import { stateOfKey } from './key-state';
import { MakeKey } from './make-key';
import { KEYS_TEXTS } from './texts';

/** The secret keys of the database: made, listed and revoked. */
export function KeysView(): JSX.Element {
  const t = useTextsOf(KEYS_TEXTS);
  const { api, language } = useConsole();
  const openDialog = useDialog();
  const pages = usePages('', (range, signal) => api.listKeys({ query: range, signal }));
  const columns: Column<KeySummary>[] = [
    { label: t('name'), cell: ({ name }) => name },
    {
      label: t('state'),
      cell: (key) => {
        const state = stateOfKey(key, Date.now());
        return <Status kind={state === 'valid' ? 'good' : 'neutral'} text={t(state)} />;
      },
    },
    { label: t('scopes'), cell: ({ scopes }) => scopes.map((scope) => t(scope)).join(', ') },
    { label: t('shop'), cell: ({ external_key: shop }) => shop ?? t('allShops') },
    {
      label: t('expires'),
      cell: ({ expires_at: at }) => (at === null ? t('never') : minute(at, language)),
    },
    {
      label: t('lastUsed'),
      cell: ({ last_used_at: at }) => (at === null ? t('neverUsed') : minute(at, language)),
    },
    {
      label: t('actions'),
      cell: (key) => (
        <span class="row-actions">
          <a href={hrefTo('/audit', { key_id: key.id })}>
            {t('history')} <span class="visually-hidden">{key.name}</span>
          </a>
          {key.revoked_at === null ? (
            <button
              type="button"
              class="link"
              aria-label={t('revokeOf', { name: key.name })}
              onClick={() => {
                openDialog((close) => (
                  <RevokeKey id={key.id} name={key.name} onDone={pages.reload} onClose={close} />
                ));
              }}
            >
              {t('revoke')}
            </button>
          ) : null}
        </span>
      ),
    },
  ];
  return (
    <>
      <div class="view-head">
        <h1>{t('keys')}</h1>
        <button
          type="button"
          class="button primary small"
          onClick={() => {
            openDialog((close) => <MakeKey onDone={pages.reload} onClose={close} />);
          }}
        >
          {t('make')}
        </button>
      </div>
      <p class="hint">{t('rootKeysHint')}</p>
      <List label={t('keys')} pages={pages} columns={columns} empty={t('noKeys')} />
    </>
  );
}

/** Asks before a key is revoked, and does it. */
function RevokeKey({
  id,
  name,
  onDone,
  onClose,
}: Pick<KeySummary, 'id' | 'name'> & {
  readonly onDone: () => void;
  readonly onClose: () => void;
}): JSX.Element {
  const t = useTextsOf(KEYS_TEXTS);
  const { api } = useConsole();
  return (
    <Confirm
      title={t('revokeTitle', { name })}
      action={t('revoke')}
      isDangerous
      onClose={onClose}
      onConfirm={async () => {
        await api.revokeKey({ id });
        onDone();
        return t('revokeDone', { name });
      }}
    >
      <p>{t('revokeText')}</p>
      <p>{t('revokeOwn')}</p>
    </Confirm>
  );
}
