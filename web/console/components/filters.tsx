import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import { useCommonTexts } from '../context';
import { goTo, hrefTo, type Place } from '../router';

/** A filter of a list. Its name is that of the query parameter of the view. */
export interface Filter {
  readonly name: string;
  readonly label: string;
  /** `search` is the one that `/` focuses. */
  readonly type: 'search' | 'text' | 'number' | 'date' | 'amount' | 'choice';
  /** The values and texts of a choice. */
  readonly choices?: readonly (readonly [value: string, text: string])[];
}

/** The filters of a list. What is typed goes into the address when it is submitted, a choice at once. */
export function Filters({
  place,
  filters,
  kept = [],
  children,
}: {
  readonly place: Place;
  readonly filters: readonly Filter[];
  /** Other values of the address, which stay as they are, such as the tab that is shown. */
  readonly kept?: readonly string[];
  /** Actions beside the filters, such as an export. */
  readonly children?: ComponentChildren;
}): JSX.Element {
  const t = useCommonTexts();
  const { path, query } = place;
  const [isOpen, setOpen] = useState(false);
  const isFiltered = filters.some(({ name }) => query.has(name));
  const others = Object.fromEntries(kept.map((name) => [name, query.get(name) ?? undefined]));
  const apply = (form: HTMLFormElement): void => {
    const given = Object.fromEntries(
      filters.map(({ name }) => [name, (form.elements.namedItem(name) as HTMLInputElement).value.trim()]),
    );
    goTo(hrefTo(path, { ...others, ...given }));
  };
  return (
    <form
      class={isOpen || isFiltered ? 'filters open' : 'filters'}
      role="search"
      aria-label={t('filters')}
      // Other filters, such as by the back button, are other fields.
      key={query.toString()}
      onSubmit={(event) => {
        event.preventDefault();
        apply(event.currentTarget);
      }}
    >
      <div class="filter-fields">
        {filters.map((filter) => (
          <label key={filter.name} class={`filter ${filter.type}`}>
            <span>{filter.label}</span>
            <Control filter={filter} value={query.get(filter.name) ?? ''} onChoice={apply} />
          </label>
        ))}
      </div>
      <div class="filter-actions">
        <button type="submit" class="button primary small">
          {t('filter')}
        </button>
        {filters.length > 1 && !isFiltered ? (
          <button
            type="button"
            class="button plain small more"
            aria-expanded={isOpen}
            onClick={() => {
              setOpen(!isOpen);
            }}
          >
            {t('moreFilters')}
          </button>
        ) : null}
        {isFiltered ? (
          <a class="button plain small" href={hrefTo(path, others)}>
            {t('clearFilters')}
          </a>
        ) : null}
        {children}
      </div>
    </form>
  );
}

function Control({
  filter: { name, type, choices = [] },
  value,
  onChoice,
}: {
  readonly filter: Filter;
  readonly value: string;
  readonly onChoice: (form: HTMLFormElement) => void;
}): JSX.Element {
  const t = useCommonTexts();
  if (type === 'choice')
    return (
      <select
        name={name}
        defaultValue={value}
        value={value}
        onChange={({ currentTarget: { form } }) => {
          if (form !== null) onChoice(form);
        }}
      >
        <option value="">{t('any')}</option>
        {choices.map(([each, text]) => (
          <option key={each} value={each}>
            {text}
          </option>
        ))}
      </select>
    );
  const shared = { name, autocomplete: 'off', defaultValue: value } as const;
  if (type === 'date') return <input {...shared} type="date" />;
  return (
    <input
      {...shared}
      type="text"
      inputMode={type === 'number' || type === 'amount' ? 'decimal' : 'text'}
      data-search={type === 'search' ? true : undefined}
    />
  );
}
