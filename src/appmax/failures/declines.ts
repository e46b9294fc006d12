import { plainText } from '../answers/texts';
import type { FailureDetails } from './appmax-failure';

/** HTTP statuses that decline a card if their text matches, as seen at Appmax. 402 is a decline with any text. */
const DECLINE_STATUSES: ReadonlySet<number> = new Set([400, 401, 403, 422]);

/** Texts about a field, our credentials, or an order that is already paid. They are not declines of the card. */
const NOT_DECLINES: readonly RegExp[] = [
  /\b(token|client|bearer|credentials?|credenciais?)\b/,
  /\b(unauthenticated|unauthorized client|merchant not found)\b/,
  /\b(required|obrigatori[oa]|must be|deve (ser|ter|conter)|field|campo|format|formato)\b/,
  /\b(document|documento|cpf|cnpj|cvv|holder|expiration|validade|numero do cartao|card number)\b/,
  /\balready\b.*\b(paid|refunded|cancell?ed)\b|\bja (foi|esta|se encontra) (pag|aprovad|estornad|cancelad)/,
];

/** Texts that say that the payment, the transaction or the card was declined. */
const DECLINES: readonly RegExp[] = [
  /\b(payment|transaction|charge|card|order)\b.*\b(not|was not|wasn't|could not be) (authori[sz]ed|approved|accepted)\b/,
  /\bnot (authori[sz]ed|approved) (payment|transaction|card)\b/,
  /\b(payment|transaction|charge|card)\b.*\b(declined|denied|refused|rejected)\b/,
  /\b(declined|refused|rejected|denied) by (the )?(issuer|bank|acquirer|anti-?fraud)\b/,
  /\b(pagamento|transacao|cobranca|cartao|compra|pedido)\b.*\bnao (foi )?(autorizad|aprovad|aceit|permitid)/,
  /\b(pagamento|transacao|cobranca|cartao|compra|autorizacao)\b.*\b(recusad|negad|rejeitad)/,
  /\b(payment|transaction|charge) unauthori[sz]ed\b|\bunauthori[sz]ed (payment|transaction|charge)\b/,
  /\bauthori[sz]ation (was )?(declined|denied|refused|rejected)\b/,
  /\b(recusad|negad)[oa] (pelo|pela) (emissor|banco|operadora|adquirente)/,
  /\b(insufficient (funds|balance|limit)|saldo insuficiente|limite insuficiente|sem limite)\b/,
  /^(nao autorizad[oa]|not authori[sz]ed)[.!]?$/,
];

/**
 * Returns true if an error answer from Appmax means that the card was declined. The older API declines with 400 and
 * 401, the newer one with 402, 403 and 422. Except for 402, an unknown text is not a decline.
 */
export function isDecline({ status, text }: Pick<FailureDetails, 'status' | 'text'>): boolean {
  if (status === 402) return true;
  if (status === undefined || text === undefined || !DECLINE_STATUSES.has(status)) return false;
  const plain = plainText(text);
  return !NOT_DECLINES.some((form) => form.test(plain)) && DECLINES.some((form) => form.test(plain));
}

/** Returns true if the text of a refusal says that the order is already paid. */
export function meansAlreadyPaid(text: string | undefined): boolean {
  if (text === undefined) return false;
  return /\balready (been )?(paid|approved)\b|\bja (foi|esta|se encontra) (pag|aprovad)/.test(
    plainText(text),
  );
}
