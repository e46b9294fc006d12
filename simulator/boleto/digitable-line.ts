const DAY = 86_400_000;
const FACTOR_BASE = Date.parse('1997-10-07T00:00:00Z');

/** Returns the modulo 10 check digit of a field of the digitable line. */
export function modulo10(digits: string): number {
  let sum = 0;
  let weight = 2;
  for (let index = digits.length - 1; index >= 0; index -= 1) {
    const product = Number(digits[index]) * weight;
    sum += product > 9 ? product - 9 : product;
    weight = weight === 2 ? 1 : 2;
  }
  return (10 - (sum % 10)) % 10;
}

/** Returns the modulo 11 check digit of a barcode without its check digit (43 digits). It is never 0. */
export function modulo11(digits: string): number {
  let sum = 0;
  let weight = 2;
  for (let index = digits.length - 1; index >= 0; index -= 1) {
    sum += Number(digits[index]) * weight;
    weight = weight === 9 ? 2 : weight + 1;
  }
  const digit = 11 - (sum % 11);
  return digit > 9 ? 1 : digit;
}

/**
 * Returns the four digits of a due date: days since 1997-10-07. They reached 9999 on 2025-02-21 and restarted at
 * 1000 the next day.
 * @param dueDate `YYYY-MM-DD`
 */
export function dueDateFactor(dueDate: string): string {
  const days = Math.round((Date.parse(`${dueDate}T00:00:00Z`) - FACTOR_BASE) / DAY);
  return String(((days - 1000) % 9000) + 1000);
}

/** The data in a boleto's barcode. */
export interface Boleto {
  /** Three digits. */
  readonly bank: string;
  readonly amountCents: number;
  /** `YYYY-MM-DD`. */
  readonly dueDate: string;
  /** 25 digits by which the bank identifies the boleto. */
  readonly freeField: string;
}

/** Returns the 44 digits of a barcode: bank, currency, check digit, due-date factor, amount, free field. */
export function barcode(boleto: Boleto): string {
  const bankAndCurrency = `${boleto.bank}9`;
  const amount = String(boleto.amountCents).padStart(10, '0');
  const rest = dueDateFactor(boleto.dueDate) + amount + boleto.freeField;
  return bankAndCurrency + String(modulo11(bankAndCurrency + rest)) + rest;
}

/** Returns the 47 digits that a person types to pay the boleto with this barcode. */
export function digitableLine(code: string): string {
  const freeField = code.slice(19);
  const fields = [code.slice(0, 4) + freeField.slice(0, 5), freeField.slice(5, 15), freeField.slice(15)];
  const checked = fields.map((digits) => digits + String(modulo10(digits)));
  return checked.join('') + code.slice(4, 5) + code.slice(5, 19);
}

/** Formats a digitable line with the usual dots and spaces. */
export function readableLine(line: string): string {
  return line.replace(/^(\d{5})(\d{5})(\d{5})(\d{6})(\d{5})(\d{6})(\d)(\d{14})$/, '$1.$2 $3.$4 $5.$6 $7 $8');
}
