import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { CopyBox } from '../../shared/ui';
import type { Scope } from '../api';
import { Confirm } from '../components/confirm';
import { useConsole, useTextsOf } from '../context';
import { dateTime } from '../format';
import { endOfLastDay } from './key-state';
import { KEYS_TEXTS } from './texts';

const SCOPES = ['read', 'operate', 'manage'] as const satisfies readonly Scope[];

/** Asks for the properties of a new key, makes it, and shows it until the dialog is closed. It is kept nowhere else. */
export function MakeKey({
  onDone,
  onClose,
}: {
  readonly onDone: () => void;
  readonly onClose: () => void;
}): JSX.Element {
  const t = useTextsOf(KEYS_TEXTS);
  const { api, session, language, may } = useConsole();
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<readonly Scope[]>([]);
  const [shop, setShop] = useState('');
  const [day, setDay] = useState('');
  const expiresAt = endOfLastDay(day, Date.now());
  const problem = (): string | undefined => {
    if (name.trim() === '') return t('nameProblem');
    if (scopes.length === 0) return t('scopesProblem');
    return expiresAt === undefined ? t('expiresProblem') : undefined;
  };
  const make = async (): Promise<JSX.Element> => {
    const made = await api.createKey({
      body: {
        name: name.trim(),
        scopes: [...scopes],
        ...(shop.trim() === '' ? {} : { external_key: shop.trim() }),
        ...(typeof expiresAt === 'string' ? { expires_at: expiresAt } : {}),
      },
    });
    onDone();
    const { expires_at: until } = made;
    return (
      <>
        <p>
          <strong>{t('madeTitle', { name: made.name })}</strong>
        </p>
        <p>
          {t('madeOnce')}{' '}
          {until === null ? t('madeForever') : t('madeUntil', { time: dateTime(until, language) })}
        </p>
        <CopyBox id="made-key" label={t('secretKey')} text={made.key} />
      </>
    );
  };
  return (
    <Confirm title={t('make')} action={t('make')} problem={problem()} onConfirm={make} onClose={onClose}>
      <div class="field">
        <label for="name">{t('name')}</label>
        <input
          id="name"
          autocomplete="off"
          maxLength={64}
          value={name}
          aria-describedby="name-hint"
          onInput={({ currentTarget }) => {
            setName(currentTarget.value);
          }}
        />
        <p class="hint" id="name-hint">
          {t('nameHint')}
        </p>
      </div>
      <fieldset aria-describedby="scopes-hint">
        <legend>{t('scopes')}</legend>
        {SCOPES.map((scope) => (
          <label key={scope} class="choice">
            <input
              type="checkbox"
              name="scopes"
              disabled={!may(scope)}
              checked={scopes.includes(scope)}
              onChange={({ currentTarget: { checked } }) => {
                setScopes(SCOPES.filter((each) => (each === scope ? checked : scopes.includes(each))));
              }}
            />
            {t(`${scope}Text`)}
          </label>
        ))}
        <p class="hint" id="scopes-hint">
          {t('scopesHint')}
        </p>
      </fieldset>
      {session.external_key === null ? (
        <div class="field">
          <label for="shop">{t('shop')}</label>
          <input
            id="shop"
            autocomplete="off"
            maxLength={255}
            value={shop}
            aria-describedby="shop-hint"
            onInput={({ currentTarget }) => {
              setShop(currentTarget.value);
            }}
          />
          <p class="hint" id="shop-hint">
            {t('shopHint')}
          </p>
        </div>
      ) : (
        <p class="hint">{t('onlyOwnShop', { shop: session.external_key })}</p>
      )}
      <div class="field">
        <label for="expires">{t('expires')}</label>
        <input
          id="expires"
          type="date"
          value={day}
          aria-describedby="expires-hint"
          onInput={({ currentTarget }) => {
            setDay(currentTarget.value);
          }}
        />
        <p class="hint" id="expires-hint">
          {t('expiresHint')}
        </p>
      </div>
    </Confirm>
  );
}
