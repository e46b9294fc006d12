import type { JSX, LooseInputHTMLAttributes } from 'preact';
import { groupedDocument, groupedPhone } from '../shared/documents';
import type { TextKey } from '../shared/texts';
import { Field, useTexts } from '../shared/ui';
import type { Customer, CustomerField, View } from './api';
import type { Mistakes } from './fields';

const FIELDS: Readonly<
  Record<
    CustomerField,
    {
      readonly label: TextKey;
      readonly autocomplete: LooseInputHTMLAttributes['autocomplete'];
      readonly type?: 'email' | 'tel';
      readonly inputMode?: 'numeric';
      readonly hint?: TextKey;
      readonly format?: (text: string) => string;
    }
  >
> = {
  first_name: { label: 'firstName', autocomplete: 'given-name' },
  last_name: { label: 'lastName', autocomplete: 'family-name' },
  email: { label: 'email', autocomplete: 'email', type: 'email' },
  phone: { label: 'phone', autocomplete: 'tel-national', type: 'tel', format: groupedPhone },
  document_number: {
    label: 'document',
    autocomplete: 'off',
    inputMode: 'numeric',
    hint: 'documentHint',
    format: groupedDocument,
  },
};

/** The names of the customer's fields, in the order of the page. */
const NAMES = Object.keys(FIELDS) as CustomerField[];

/**
 * Returns the customer's fields that the form shows.
 * @param corrects true if those that the shopper has given in an earlier payment are shown again
 */
export function fieldsToFill(view: View | undefined, corrects: boolean): readonly CustomerField[] {
  const given = corrects ? (view?.typed_fields ?? []) : [];
  return NAMES.filter((name) => view?.missing_fields.includes(name) === true || given.includes(name));
}

/** The customer's fields to fill in, what else is known, and a button to correct what the shopper has typed. */
export function CustomerFields({
  view,
  fields,
  typed,
  mistakes,
  onChange,
  onCorrect,
}: {
  readonly view: View;
  readonly fields: readonly CustomerField[];
  readonly typed: Customer;
  readonly mistakes: Mistakes;
  readonly onChange: (field: CustomerField, value: string) => void;
  readonly onCorrect: () => void;
}): JSX.Element | null {
  const { t } = useTexts();
  const valueOf = (name: CustomerField): string | undefined =>
    fields.includes(name) ? undefined : view.customer[name];
  const known = [
    [valueOf('first_name'), valueOf('last_name')].filter(Boolean).join(' '),
    valueOf('email'),
    valueOf('phone'),
    valueOf('document_number'),
  ].filter(Boolean);
  const canCorrect = view.typed_fields.some((name) => !fields.includes(name));
  if (fields.length === 0 && !canCorrect) return null;
  return (
    <fieldset class="card">
      <legend>
        <h2>{t('yourData')}</h2>
      </legend>
      {known.length === 0 ? null : (
        <p class="known">
          <span class="visually-hidden">{t('knownData')}: </span>
          {known.join(' · ')}
        </p>
      )}
      {canCorrect ? (
        <p>
          <button type="button" class="link" onClick={onCorrect}>
            {t('changeData')}
          </button>
        </p>
      ) : null}
      <div class="grid">
        {fields.map((field) => {
          const { label, hint, autocomplete, format, inputMode, type } = FIELDS[field];
          return (
            <Field
              key={field}
              id={field}
              label={t(label)}
              hint={hint === undefined ? undefined : t(hint)}
              autocomplete={autocomplete}
              type={type}
              inputMode={inputMode}
              format={format}
              value={typed[field] ?? ''}
              error={mistakes[field]}
              onValue={(value) => {
                onChange(field, value);
              }}
            />
          );
        })}
      </div>
    </fieldset>
  );
}
