import { isTokenRefusal, refusesCredentials } from './token-refusals';

describe('isTokenRefusal', () => {
  it.each<[text: string | undefined, expected: boolean]>([
    ['Unauthenticated.', true],
    ['UNAUTHENTICATED', true],
    ['Missing Authorization token', true],
    ['Token expired', true],
    ['The access token is invalid', true],
    ['The token has been revoked', true],
    ['Invalid bearer token', true],
    ['Expired JWT', true],
    ['invalid_client', true],
    ['Invalid client', true],
    ['Unauthorized client', true],
    ['unauthorized_client', true],
    ['The client is not authorized', true],
    ['Client authentication failed', true],
    ['Token inválido', true],
    ['TOKEN EXPIRADO', true],
    ['O token de acesso foi revogado', true],
    ['Token não informado', true],
    ['Usuário não autenticado', true],
    [undefined, false],
    ['', false],
    ['Unauthorized', false],
    ['This action is unauthorized.', false],
    ['Payment not authorized', false],
    ['Pagamento não autorizado', false],
    ['Transação não autorizada', false],
    ['The card token is invalid', false],
    ['Token do cartão inválido', false],
    ['Google Pay token could not be decrypted', false],
    ['Cliente inválido', false],
    ['Cliente não encontrado', false],
    ['Merchant not found', false],
    ['tokenization failed', false],
  ])('the text %j is about the token: %s', (text, expected) => {
    expect(isTokenRefusal(text)).toBe(expected);
  });
});

describe('A refusal of the token service', () => {
  it.each<[number | undefined, string | undefined, boolean]>([
    [401, undefined, true],
    [401, 'Client authentication failed.', true],
    [400, 'invalid_client', true],
    [403, 'The client is revoked', true],
    [400, 'Missing form parameter: grant_type', false],
    [403, undefined, false],
    [403, 'Forbidden', false],
    [429, 'Too many requests', false],
    [undefined, undefined, false],
  ])('with status %s and text %s it refuses the credentials: %s', (status, text, expected) => {
    expect(refusesCredentials({ status, text })).toBe(expected);
  });
});
