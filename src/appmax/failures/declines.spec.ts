import { isDecline, meansAlreadyPaid } from './declines';

describe('isDecline', () => {
  it.each([
    [402, undefined],
    [402, 'Document number invalid'],
    [400, 'Payment not authorized'],
    [401, 'Payment not authorized'],
    [403, 'payment NOT authorised'],
    [422, 'Pagamento não autorizado'],
    [422, 'Pagamento  nao   autorizado.'],
    [401, 'Transação não autorizada pelo emissor'],
    [400, 'Transação negada'],
    [422, 'Cartão recusado'],
    [422, 'Cartão não aprovado'],
    [400, 'The card was declined'],
    [400, 'Transaction refused by the issuer'],
    [422, 'Payment was not approved'],
    [422, 'Card not accepted'],
    [403, 'Compra não aprovada'],
    [400, 'Saldo insuficiente'],
    [422, 'Insufficient funds'],
    [422, 'Pagamento recusado pelo emissor'],
    [401, 'Não autorizado'],
    [400, 'Nao autorizada.'],
    [422, 'Not authorized'],
    [400, 'Autorizacao negada'],
    [422, 'Autorização recusada pelo banco'],
    [403, 'Payment unauthorized'],
    [401, 'Unauthorized transaction'],
    [422, 'Authorization denied'],
    [400, 'Recusada pela operadora'],
  ])('the answer %s %j is a decline', (status, text) => {
    expect(isDecline({ status, text })).toBe(true);
  });

  it.each([
    [400, undefined],
    [500, 'Payment not authorized'],
    [404, 'Payment not authorized'],
    [401, 'Unauthenticated.'],
    [401, 'Unauthorized'],
    [403, 'Forbidden'],
    [403, 'Documento em lista restritiva'],
    [422, 'falha no pedido'],
    [401, 'Client not authorized'],
    [401, 'Token não autorizado'],
    [401, 'Missing Authorization token'],
    [401, 'Unauthorized client'],
    [422, 'The card token is invalid or was used already.'],
    [422, 'O token do cartão foi recusado'],
    [400, 'The order is already paid.'],
    [400, 'O pedido já foi pago'],
    [422, 'document_number: The document number is not valid.'],
    [422, 'The card number field is required.'],
    [422, 'O campo cartão é obrigatório'],
    [400, 'Transaction error.'],
    [403, 'O documento não foi aceito'],
    [400, 'The given data was invalid.'],
  ])('the answer %s %j is not a decline', (status, text) => {
    expect(isDecline({ status, text })).toBe(false);
  });
});

describe('meansAlreadyPaid', () => {
  it.each([
    'The order is already paid.',
    'Pedido já foi pago',
    'O pedido já está aprovado',
    'Order has already been paid',
  ])('the text %j means that the order is already paid', (text) => {
    expect(meansAlreadyPaid(text)).toBe(true);
  });

  it.each([undefined, 'Payment not authorized', 'The order does not exist.'])(
    'the text %j does not mean that the order is already paid',
    (text) => {
      expect(meansAlreadyPaid(text)).toBe(false);
    },
  );
});
