import { cnpj, cpf } from 'cpf-cnpj-validator';

/** Returns true if a text is a CPF or CNPJ with valid check digits; punctuation is allowed. */
export function isDocument(text: string): boolean {
  return cpf.isValid(text) || cnpj.isValid(text);
}
