import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { CopyBox } from '../../shared/ui';
import { ApiError } from '../api';
import { Confirm } from '../components/confirm';
import { useConsole, useTextsOf } from '../context';
import { type Events, EventsField } from './events-field';
import { ENDPOINT_TEXTS } from './texts';

interface UrlFieldProps {
  readonly value: string;
  readonly onValue: (value: string) => void;
}

/** Asks for the address of a new endpoint, its shop and its events, makes it, and shows its secret once. */
export function NewEndpoint({
  onDone,
  onClose,
}: {
  readonly onDone: () => void;
  readonly onClose: () => void;
}): JSX.Element {
  const t = useTextsOf(ENDPOINT_TEXTS);
  const { api, session } = useConsole();
  const [url, setUrl] = useState('');
  const [shop, setShop] = useState(session.external_key ?? '');
  const [events, setEvents] = useState<Events>(['*']);
  const problem = (): string | undefined => {
    if (!isAddress(url)) return t('urlProblem');
    return events.length === 0 ? t('eventsProblem') : undefined;
  };
  return (
    <Confirm
      title={t('create')}
      action={t('create')}
      problem={problem()}
      onClose={onClose}
      onConfirm={async () => {
        const body = {
          url: url.trim(),
          events,
          ...(shop.trim() === '' ? {} : { external_key: shop.trim() }),
        };
        const { id, secret } = await namingRefusedUrls(api.createEndpoint({ body }));
        onDone();
        return <Secret text={t('created', { id })} secret={secret} />;
      }}
    >
      <p>{t('createText')}</p>
      <UrlField value={url} onValue={setUrl} />
      {session.external_key === null ? (
        <div class="field">
          <label for="endpoint-shop">{t('shop')}</label>
          <input
            id="endpoint-shop"
            autocomplete="off"
            maxLength={255}
            value={shop}
            aria-describedby="endpoint-shop-hint"
            onInput={({ currentTarget }) => {
              setShop(currentTarget.value);
            }}
          />
          <p class="hint" id="endpoint-shop-hint">
            {t('shopHint')}
          </p>
        </div>
      ) : null}
      <EventsField value={events} onValue={setEvents} />
    </Confirm>
  );
}

/** The field for the address of an endpoint. */
export function UrlField({ value, onValue }: UrlFieldProps): JSX.Element {
  const t = useTextsOf(ENDPOINT_TEXTS);
  return (
    <div class="field">
      <label for="endpoint-url">{t('url')}</label>
      <input
        id="endpoint-url"
        inputMode="url"
        autocomplete="off"
        maxLength={2048}
        placeholder="https://"
        value={value}
        aria-describedby="endpoint-url-hint"
        onInput={({ currentTarget }) => {
          onValue(currentTarget.value);
        }}
      />
      <p class="hint" id="endpoint-url-hint">
        {t('urlHint')}
      </p>
    </div>
  );
}

/** A secret that is shown once, with a button that copies it. */
export function Secret({ text, secret }: { readonly text: string; readonly secret: string }): JSX.Element {
  const t = useTextsOf(ENDPOINT_TEXTS);
  return (
    <>
      <p>
        {text} <strong>{t('secretOnce')}</strong>
      </p>
      <CopyBox id="secret" label={t('secret')} text={secret} />
    </>
  );
}

/** Returns true for a text that may be the address of an endpoint. The API checks more: that it is public. */
export const isAddress = (text: string): boolean =>
  /^https?:\/\/\S+$/.test(text.trim()) && URL.canParse(text.trim());

/** Gives the refusal of an address, which the API names by its field, a code of its own. */
export async function namingRefusedUrls<Answer>(answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof ApiError) || !error.fields.some(({ field }) => field === 'url')) throw error;
    const { message, status, details, requestId } = error;
    throw new ApiError('invalid_endpoint_url', message, status, details, undefined, requestId);
  }
}
