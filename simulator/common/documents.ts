import { cnpj, cpf } from 'cpf-cnpj-validator';

/** Whether a text is a CPF or a CNPJ whose check digits are right; punctuation is allowed. */
export function isDocument(text: string): boolean {
  return cpf.isValid(text) || cnpj.isValid(text);
}
