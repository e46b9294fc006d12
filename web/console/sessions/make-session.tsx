import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { CreateSessionDto } from '../../../client/src/generated/types';
import { money } from '../../shared/format';
import { Confirm } from '../components/confirm';
import { useMethodText } from '../components/status';
import { useConsole, useTextsOf } from '../context';
import { centsOf } from '../format';
import { SESSION_TEXTS } from './texts';

const METHODS = ['credit_card', 'pix', 'boleto'] as const;
const EXPIRIES = [
  [60, 'hour'],
  [1440, 'day'],
  [4320, 'days3'],
  [10_080, 'days7'],
] as const;
const MAXIMUM_PRODUCTS = 20;
const INSTALLMENTS = Array.from({ length: 12 }, (_, index) => index + 1);

interface Product {
  readonly name: string;
  readonly quantity: string;
  readonly price: string;
}

/** Returns the products as the API takes them; undefined if one of them is not valid. */
function itemsOf(products: readonly Product[]): CreateSessionDto['items'] | undefined {
  const items = products.map(({ name, quantity, price }, index) => ({
    sku: `item-${String(index + 1)}`,
    name: name.trim(),
    quantity: /^\d{1,4}$/.test(quantity) ? Number(quantity) : 0,
    unit_value: centsOf(price) ?? 0,
  }));
  return items.every((item) => item.name !== '' && item.quantity >= 1 && item.unit_value >= 1)
    ? items
    : undefined;
}

/** Reads an amount that may be left out. @returns cents; undefined for what is no amount */
const amountOf = (text: string): number | undefined => (text.trim() === '' ? 0 : centsOf(text));

/** Makes a payment link of a shop. @param onClose gets the id of the link, if one was made */
export function MakeSession({
  shop,
  onClose,
}: {
  readonly shop: string;
  readonly onClose: (id?: string) => void;
}): JSX.Element {
  const t = useTextsOf(SESSION_TEXTS);
  const { api, language } = useConsole();
  const method = useMethodText();
  const [products, setProducts] = useState<readonly Product[]>([{ name: '', quantity: '1', price: '' }]);
  const [methods, setMethods] = useState<readonly (typeof METHODS)[number][]>(METHODS);
  const [installments, setInstallments] = useState(12);
  const [minutes, setMinutes] = useState(1440);
  const [reference, setReference] = useState('');
  const [amounts, setAmounts] = useState({ shipping: '', discount: '' });
  const [made, setMade] = useState<string>();
  const items = itemsOf(products);
  const shipping = amountOf(amounts.shipping);
  const discount = amountOf(amounts.discount);
  const cents =
    (items ?? []).reduce((sum, item) => sum + item.quantity * item.unit_value, 0) +
    (shipping ?? 0) -
    (discount ?? 0);
  const total = money(cents, language);
  const problem = (): string | undefined => {
    if (items === undefined) return t('productProblem');
    if (shipping === undefined || discount === undefined) return t('amountProblem');
    if (cents < 1) return t('totalProblem');
    return methods.length === 0 ? t('methodProblem') : undefined;
  };
  const change = (position: number, values: Partial<Product>): void => {
    setProducts(products.map((each, index) => (index === position ? { ...each, ...values } : each)));
  };
  return (
    <Confirm
      title={t('makeTitle', { shop })}
      action={items === undefined || cents < 1 ? t('make') : t('makeAction', { total })}
      problem={problem()}
      onClose={() => {
        onClose(made);
      }}
      onConfirm={async () => {
        const { id } = await api.createSession({
          key: shop,
          body: {
            items: items ?? [],
            methods: [...methods],
            expires_in_minutes: minutes,
            shipping_value: shipping ?? 0,
            discount_value: discount ?? 0,
            ...(methods.includes('credit_card') ? { max_installments: installments } : {}),
            ...(reference.trim() === '' ? {} : { reference: reference.trim() }),
          },
        });
        setMade(id);
        return t('made', { total });
      }}
    >
      {products.map((product, index) => (
        <fieldset key={index} class="product">
          <legend>{t('product', { number: index + 1 })}</legend>
          {(['name', 'quantity', 'price'] as const).map((name) => (
            <div key={name} class="field">
              <label for={`product-${String(index)}-${name}`}>{t(name)}</label>
              <input
                id={`product-${String(index)}-${name}`}
                autocomplete="off"
                inputMode={name === 'name' ? 'text' : name === 'price' ? 'decimal' : 'numeric'}
                value={product[name]}
                onInput={({ currentTarget: { value } }) => {
                  change(index, { [name]: value });
                }}
              />
            </div>
          ))}
          {products.length === 1 ? null : (
            <button
              type="button"
              class="button plain small"
              onClick={() => {
                setProducts(products.filter((_, position) => position !== index));
              }}
            >
              {t('removeProduct', { number: index + 1 })}
            </button>
          )}
        </fieldset>
      ))}
      {products.length >= MAXIMUM_PRODUCTS ? null : (
        <p>
          <button
            type="button"
            class="button plain small"
            onClick={() => {
              setProducts([...products, { name: '', quantity: '1', price: '' }]);
            }}
          >
            {t('addProduct')}
          </button>
        </p>
      )}
      <div>
        {(['shipping', 'discount'] as const).map((name) => (
          <div key={name} class="field">
            <label for={`session-${name}`}>{t(name)}</label>
            <input
              id={`session-${name}`}
              autocomplete="off"
              inputMode="decimal"
              value={amounts[name]}
              onInput={({ currentTarget: { value } }) => {
                setAmounts({ ...amounts, [name]: value });
              }}
            />
          </div>
        ))}
      </div>
      <fieldset>
        <legend>{t('methods')}</legend>
        {METHODS.map((each) => (
          <label key={each} class="choice">
            <input
              type="checkbox"
              checked={methods.includes(each)}
              onChange={({ currentTarget: { checked } }) => {
                setMethods(METHODS.filter((one) => (one === each ? checked : methods.includes(one))));
              }}
            />
            {method(each)}
          </label>
        ))}
      </fieldset>
      {methods.includes('credit_card') ? (
        <div class="field">
          <label for="installments">{t('installments')}</label>
          <select
            id="installments"
            value={installments}
            onChange={({ currentTarget: { value } }) => {
              setInstallments(Number(value));
            }}
          >
            {INSTALLMENTS.map((each) => (
              <option key={each} value={each}>
                {each}
              </option>
            ))}
          </select>
        </div>
      ) : null}
      <div class="field">
        <label for="expiry">{t('expiry')}</label>
        <select
          id="expiry"
          value={minutes}
          onChange={({ currentTarget: { value } }) => {
            setMinutes(Number(value));
          }}
        >
          {EXPIRIES.map(([value, text]) => (
            <option key={value} value={value}>
              {t(text)}
            </option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for="session-reference">{t('referenceOptional')}</label>
        <input
          id="session-reference"
          autocomplete="off"
          maxLength={64}
          value={reference}
          onInput={({ currentTarget: { value } }) => {
            setReference(value);
          }}
        />
      </div>
    </Confirm>
  );
}
