import type { JSX } from 'preact';
import { CopyBox } from '../../shared/ui';
import { Confirm } from '../components/confirm';
import { useDialog } from '../components/dialogs';
import { MissingScope } from '../components/states';
import { useConsole, useTextsOf } from '../context';
import { SHOPS_TEXTS } from './texts';

/** A button that starts a new installation of a shop at Appmax, and shows the link that its merchant opens. */
export function ReinstallShop({ shop }: { readonly shop: string }): JSX.Element {
  const t = useTextsOf(SHOPS_TEXTS);
  const { may } = useConsole();
  const openDialog = useDialog();
  return (
    <div class="actions">
      {may('manage') ? null : <MissingScope scope="manage" />}
      <button
        type="button"
        class="button plain"
        disabled={!may('manage')}
        onClick={() => {
          openDialog((close) => <Reinstall shop={shop} onClose={close} />);
        }}
      >
        {t('reinstall')}
      </button>
    </div>
  );
}

/** Asks before a new installation is started, and shows its link. */
function Reinstall({ shop, onClose }: { readonly shop: string; readonly onClose: () => void }): JSX.Element {
  const t = useTextsOf(SHOPS_TEXTS);
  const { api } = useConsole();
  return (
    <Confirm
      title={t('reinstall')}
      action={t('makeInstallLink')}
      onClose={onClose}
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
  );
}
