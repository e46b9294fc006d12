import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { EndpointSummary } from '../../../client/src/generated/types';
import { Confirm } from '../components/confirm';
import { Section } from '../components/detail';
import { useDialog } from '../components/dialogs';
import { MissingScope } from '../components/states';
import { useConsole, useTextsOf } from '../context';
import { goTo, hrefTo } from '../router';
import { EventsField } from './events-field';
import { isAddress, namingRefusedUrls, Secret, UrlField } from './new-endpoint';
import { useFailureText } from './states';
import { ENDPOINT_TEXTS } from './texts';

type Action = 'test' | 'enable' | 'disable' | 'change' | 'changeEvents' | 'rotate' | 'remove';

const TEXT_OF = {
  test: 'testText',
  enable: 'enableText',
  disable: 'disableText',
  change: 'changeText',
  changeEvents: 'changeEventsText',
  rotate: 'rotateText',
  remove: 'removeText',
} as const satisfies Record<Action, keyof typeof ENDPOINT_TEXTS>;

interface ActionsProps {
  readonly endpoint: EndpointSummary;
  readonly onDone: () => void;
}

/** The actions of an endpoint. The address and the secret of NOTIFY_URL are changed by the variables. */
export function EndpointActions({ endpoint, onDone }: ActionsProps): JSX.Element {
  const t = useTextsOf(ENDPOINT_TEXTS);
  const { may } = useConsole();
  const openDialog = useDialog();
  const actions: readonly Action[] = [
    'test',
    endpoint.status === 'disabled' ? 'enable' : 'disable',
    'change',
    'changeEvents',
    'rotate',
    'remove',
  ];
  const ofEnvironment: readonly Action[] = endpoint.is_from_environment ? ['change', 'rotate', 'remove'] : [];
  return (
    <Section title={t('actions')}>
      <div class="actions">
        {may('manage') ? null : <MissingScope scope="manage" />}
        {actions.map((action) => (
          <button
            key={action}
            type="button"
            class="button plain"
            disabled={!may('manage') || ofEnvironment.includes(action)}
            onClick={() => {
              openDialog((close) => (
                <EndpointAction action={action} endpoint={endpoint} onDone={onDone} onClose={close} />
              ));
            }}
          >
            {t(action)}
          </button>
        ))}
        {endpoint.is_from_environment ? <p class="hint">{t('fromEnvironment')}</p> : null}
      </div>
    </Section>
  );
}

/** Asks before one action, and does it. */
function EndpointAction({
  action,
  endpoint: { id, url: before, events: eventsBefore },
  onDone,
  onClose,
}: ActionsProps & { readonly action: Action; readonly onClose: () => void }): JSX.Element {
  const t = useTextsOf(ENDPOINT_TEXTS);
  const { api } = useConsole();
  const failure = useFailureText();
  const [url, setUrl] = useState(before);
  const [events, setEvents] = useState(eventsBefore);
  const [isRemoved, setRemoved] = useState(false);
  const run: Readonly<Record<Action, () => Promise<ComponentChildren>>> = {
    test: async () => {
      const { delivered, status, error } = await api.testEndpoint({ id });
      return delivered
        ? t('testDelivered', { status: status ?? '' })
        : t('testFailed', { error: failure(error) ?? '' });
    },
    enable: async () => {
      await api.changeEndpoint({ id, body: { enabled: true } });
      return t('enabledNow');
    },
    disable: async () => {
      await api.changeEndpoint({ id, body: { enabled: false } });
      return t('disabledNow');
    },
    change: async () => {
      const changed = await namingRefusedUrls(api.changeEndpoint({ id, body: { url: url.trim() } }));
      return t('changed', { url: changed.url });
    },
    changeEvents: async () => {
      await api.changeEndpoint({ id, body: { events } });
      return t('eventsChanged');
    },
    rotate: async () => {
      const { secret } = await api.rotateEndpointSecret({ id });
      return <Secret text={t('rotated')} secret={secret} />;
    },
    remove: async () => {
      await api.deleteEndpoint({ id });
      setRemoved(true);
      return t('removed');
    },
  };
  const problem = (): string | undefined => {
    if (action === 'change' && !isAddress(url)) return t('urlProblem');
    return action === 'changeEvents' && events.length === 0 ? t('eventsProblem') : undefined;
  };
  return (
    <Confirm
      title={t(action)}
      action={t(action)}
      isDangerous={action === 'remove'}
      problem={problem()}
      onClose={() => {
        onClose();
        // There is nothing left to show.
        if (isRemoved) goTo(hrefTo('/endpoints'), { replace: true });
      }}
      onConfirm={async () => {
        const result = await run[action]();
        if (action !== 'remove') onDone();
        return result;
      }}
    >
      <p>{t(TEXT_OF[action])}</p>
      <p class="hint wrap">{before}</p>
      {action === 'change' ? <UrlField value={url} onValue={setUrl} /> : null}
      {action === 'changeEvents' ? <EventsField value={events} onValue={setEvents} /> : null}
    </Confirm>
  );
}
