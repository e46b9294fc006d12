import { cnpj, cpf } from 'cpf-cnpj-validator';
import type { Subject } from '../../privacy';
import { idOf, readOptions, UsageError } from '../support/arguments';

const WHO = `  --document  a CPF or CNPJ; - reads it from the standard input, so that no list of processes shows it
  --customer  the customer's id at Appmax
  --email     an e-mail address: events and sessions that name it
  --shop      the external_key of the only shop; without it, all shops

  At least one of --document, --customer and --email. Each may be repeated.`;

export const EXPORT_USAGE = `Writes everything that is stored of a person as JSON to the standard output.

  npm run --silent privacy:export -- --document <cpf or cnpj> [--shop <external_key>] > person.json

${WHO}`;

export const ERASE_USAGE = `Erases the personal data of a person. Without --confirm it only shows what would be erased.

  npm run privacy:erase -- --document <cpf or cnpj> [--shop <external_key>] [--confirm]

${WHO}
  --confirm   erases; it can't be undone`;

export interface EraseArguments {
  readonly subject: Subject;
  readonly isConfirmed: boolean;
}

const OPTIONS = {
  document: { type: 'string', multiple: true },
  customer: { type: 'string', multiple: true },
  email: { type: 'string', multiple: true },
  shop: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Returns the text of the standard input. */
type ReadInput = () => string;

/** @returns undefined if `--help` is given. @throws UsageError */
export function exportArguments(args: readonly string[], readInput: ReadInput): Subject | undefined {
  const values = readOptions(args, OPTIONS);
  return values['help'] === true ? undefined : subjectOf(values, readInput);
}

/** @returns undefined if `--help` is given. @throws UsageError */
export function eraseArguments(args: readonly string[], readInput: ReadInput): EraseArguments | undefined {
  const values = readOptions(args, { ...OPTIONS, confirm: { type: 'boolean' } });
  if (values['help'] === true) return undefined;
  return { subject: subjectOf(values, readInput), isConfirmed: values['confirm'] === true };
}

function subjectOf(values: Readonly<Record<string, unknown>>, readInput: ReadInput): Subject {
  const { document = [], customer = [], email = [] } = values as Record<string, string[] | undefined>;
  if (document.length + customer.length + email.length === 0)
    throw new UsageError('--document, --customer or --email is required');
  return {
    documents: document.map((text) => documentOf(text === '-' ? readInput() : text)),
    customerIds: customer.map((text) => idOf('--customer', text)),
    emails: email.map(emailOf),
    shop: values['shop'] as string | undefined,
  };
}

/** The faults do not repeat the value: outputs of commands are kept. */
function documentOf(text: string): string {
  const document = text.replace(/[.\-/\s]/g, '').toUpperCase();
  if (cpf.isValid(document, true) || cnpj.isValid(document, true)) return document;
  throw new UsageError('--document is no CPF or CNPJ with right check digits');
}

function emailOf(text: string): string {
  if (/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text)) return text.toLowerCase();
  throw new UsageError('--email is no e-mail address');
}
