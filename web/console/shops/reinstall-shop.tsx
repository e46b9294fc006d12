import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { CopyBox } from '../../shared/ui';
import { Confirm } from '../components/confirm';
import { MissingScope } from '../components/states';
import { useConsole, useTextsOf } from '../context';
import { SHOPS_TEXTS } from './texts';

/** A button that starts a new installation of a shop at Appmax, and shows the link that its merchant opens. */
export function ReinstallShop({ shop }: { readonly shop: string }): JSX.Element {
  const t = useTextsOf(SHOPS_TEXTS);
  const { api, may } = useConsole();
  const [isAsked, setAsked] = useState(false);
  return (
    <div class="actions">
      {may('manage') ? null : <MissingScope scope="manage" />}
      <button
        type="button"
        class="button plain"
        disabled={!may('manage')}
        onClick={() => {
          setAsked(true);
        }}
      >
        {t('reinstall')}
      </button>
      {isAsked ? (
        <Confirm
          title={t('reinstall')}
          action={t('makeInstallLink')}
          onClose={() => {
            setAsked(false);
          }}
          onConfirm={async () => {
            const { url } = await api.restartInstallation({ key: shop });
            return (
              <>
                <p>{t('installLinkMade')}</p>
                <CopyBox id="install-link" label={t('installLink')} text={url} />
              </>
            );
          }}
        >
          <p>{t('reinstallText')}</p>
        </Confirm>
      ) : null}
    </div>
  );
}
