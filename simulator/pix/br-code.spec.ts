import { getPixPayloadInfo, isValidPixPayload } from '@brazilian-utils/brazilian-utils';
import jsQR from 'jsqr';
import { PNG } from 'pngjs';
import { brCode } from './br-code';
import { crc16 } from './crc16';
import { qrPng } from './qr-png';

const pix = {
  key: '3f1e0a52-3b5c-4c3a-9a56-0f0c5d3c9d11',
  merchantName: 'Padaria São João & Filhos Comércio Ltda',
  merchantCity: 'São Paulo',
  amountCents: 16_490,
  transactionId: 'a1b2c3d4e5f6a1b2c3d4e5f6',
};

describe('crc16', () => {
  it('crc16 returns the published check value of CRC-16/CCITT-FALSE', () => {
    expect(crc16('123456789')).toBe('29B1');
  });
});

describe('brCode', () => {
  it('a BR Code is accepted by a public Pix reader with the same data', () => {
    const code = brCode(pix);
    expect(isValidPixPayload(code)).toBe(true);
    expect(getPixPayloadInfo(code)).toMatchObject({
      key: pix.key,
      amount: 164.9,
      txid: pix.transactionId,
      merchantName: 'PADARIA SAO JOAO & FILHOS',
      merchantCity: 'SAO PAULO',
      pointOfInitiation: 'dynamic',
    });
  });

  it.each([1, 99, 100, 123_456_789])('a BR Code carries an amount of %i cents', (amountCents) => {
    expect(getPixPayloadInfo(brCode({ ...pix, amountCents }))?.amount).toBe(amountCents / 100);
  });

  it('a BR Code is valid for a merchant name without ASCII characters', () => {
    expect(isValidPixPayload(brCode({ ...pix, merchantName: '商店' }))).toBe(true);
  });
});

describe('qrPng', () => {
  it('the PNG of a QR code can be read by a QR reader', () => {
    const code = brCode(pix);
    const picture = PNG.sync.read(qrPng(code));
    const read = jsQR(new Uint8ClampedArray(picture.data), picture.width, picture.height);
    expect(read?.data).toBe(code);
  });
});
