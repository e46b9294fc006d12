import { maskDigits, maskEmail, maskLine, maskText } from './masking';

describe('Masking', () => {
  it.each([
    ['loja@example.com', 'l…@example.com'],
    ['a@b@example.com', 'a…@example.com'],
    ['@example.com', '…om'],
    ['nobody', '…dy'],
  ])('the e-mail %s is masked as %s', (email, masked) => {
    expect(maskEmail(email)).toBe(masked);
  });

  it.each([
    ['12345678000199', '…99'],
    ['1234', '…'],
    ['', '…'],
  ])('the number %j is masked as %s', (text, masked) => {
    expect(maskDigits(text)).toBe(masked);
  });
});

describe('A text of another system', () => {
  it.each([
    ['The e-mail marina.souza+x@loja.example.com.br is taken', 'The e-mail m…@loja.example.com.br is taken'],
    ['<maria@example.com>', '<m…@example.com>'],
    ['Card 4000000000000010 refused', 'Card …10 refused'],
    ['Card 4000 0000 0000 0010 refused', 'Card …10 refused'],
    ['4000-0000-0000-0010.', '…10.'],
    ['CPF 529.982.247-25 inválido', 'CPF …25 inválido'],
    ['CNPJ 11.222.333/0001-81 inválido', 'CNPJ …81 inválido'],
    ['document_number: 52998224725; phone: 11988887777', 'document_number: …25; phone: …77'],
    ['Telefone +55 (11) 98888-7777', 'Telefone …77'],
    ['cvv 123 is wrong', 'cvv … is wrong'],
    ['CVV: 1234', 'CVV: …'],
    ['"cvv":"123"', '"cvv":"…"'],
    ['o código de segurança é 123', 'o código de segurança é …'],
    [`Bearer ${'aB3_'.repeat(12)} expired`, 'Bearer … expired'],
    ['4000_0000_0000_0010', '…10'],
    ['12ABC34501DE35 is invalid', '…35 is invalid'],
    ['CNPJ 12.ABC.345/01DE-35', 'CNPJ …35'],
    ['cpf52998224725 and loja11222333000181', 'cpf…25 and loja…81'],
    ['Fone (11) 3333-4444', 'Fone …44'],
    ['cpf390.533.447-05 card4000000000000010', 'cpf…05 card…10'],
    ['tok_8f14e45fceea167a5a36dedd4bea2543 was used', '… was used'],
  ])('the text %j is masked as %j', (text, masked) => {
    expect(maskText(text)).toBe(masked);
  });

  it.each([
    'Order 1773760001 is already paid',
    'SKU CAMISETA123412 is not in stock',
    'pedido 10 2024-2025, migration1773360000002',
    'trace 4bf92f3577b34da6',
    'O pedido 42 já foi pago em 2026-03-17 10:20:30',
    'products.0.unit_value: must be at least 1',
    'The value must be between 100 and 1000000000 cents',
    '3f1e0a52-3b5c-4c3a-9a56-0f0c5d3c9d11 was not found',
    'Serviço indisponível, tente de novo em 30 segundos',
    '',
  ])('the text %j is not changed', (text) => {
    expect(maskText(text)).toBe(text);
  });
});

describe('A line of our log', () => {
  it('a line keeps paths and file names, but no tokens', () => {
    const path = 'POST /checkout/a-shop-with-a-name/pay/credit-card/and/so/on 200';
    expect(maskLine(path)).toBe(path);
    expect(maskLine(`token ${'aB3_'.repeat(12)} of maria@example.com`)).toBe('token … of m…@example.com');
  });

  it('a text becomes one line without control characters', () => {
    expect(maskLine('one\r\ntwo\u0000\u001b[31m\u009b')).toBe('one two [31m ');
    expect(maskText('one\ntwo')).toBe('one two');
  });

  it('the time to mask a line does not grow with the square of its length', () => {
    const begun = Date.now();
    for (const piece of ['a.', '1 ', 'a@', '1234567890 ', 'cvv ']) maskLine(piece.repeat(50_000));
    expect(Date.now() - begun).toBeLessThan(2_000);
  });
});
