import { crc16 } from './crc16';

/** The data in a Pix code. */
export interface BrCode {
  /** The receiver's Pix key. */
  readonly key: string;
  readonly merchantName: string;
  readonly merchantCity: string;
  readonly amountCents: number;
  /** Up to 25 letters and digits by which the receiver identifies the payment. */
  readonly transactionId: string;
}

function field(id: string, value: string): string {
  return `${id}${String(value.length).padStart(2, '0')}${value}`;
}

/** Converts text to upper-case ASCII without accents, which every bank's reader accepts, and cuts it to fit. */
function plain(text: string, longest: number): string {
  const ascii = text
    .normalize('NFD')
    .replaceAll(/[^\x20-\x7e]/g, '')
    .toUpperCase();
  return ascii.slice(0, longest).trim() || 'X';
}

/**
 * Builds a Pix "copia e cola" code with an amount, for one payment: EMV merchant-presented mode, as in the Central
 * Bank's BR Code manual.
 */
export function brCode(pix: BrCode): string {
  const account = field('00', 'br.gov.bcb.pix') + field('01', pix.key);
  const code = [
    field('00', '01'),
    field('01', '12'),
    field('26', account),
    field('52', '0000'),
    field('53', '986'),
    field('54', (pix.amountCents / 100).toFixed(2)),
    field('58', 'BR'),
    field('59', plain(pix.merchantName, 25)),
    field('60', plain(pix.merchantCity, 15)),
    field('62', field('05', pix.transactionId)),
    // The checksum covers its own id and length.
    '6304',
  ].join('');
  return code + crc16(code);
}
