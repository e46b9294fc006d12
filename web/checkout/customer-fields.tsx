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

/** The customer's fields that the shop has not given, and what it has given. */
export function CustomerFields({
  view,
  typed,
  mistakes,
  onChange,
}: {
  readonly view: View;
  readonly typed: Customer;
  readonly mistakes: Mistakes;
  readonly onChange: (field: CustomerField, value: string) => void;
}): JSX.Element {
  const { t } = useTexts();
  const known = [
    [view.customer.first_name, view.customer.last_name].filter(Boolean).join(' '),
    view.customer.email,
    view.customer.phone,
    view.customer.document_number,
  ].filter(Boolean);
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
      <div class="grid">
        {view.missing_fields.map((field) => {
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
