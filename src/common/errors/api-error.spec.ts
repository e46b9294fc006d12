import { ApiError, codeOf } from './api-error';

describe('codeOf', () => {
  it.each([
    ['order not found', 'order_not_found'],
    ['invalid app_id', 'invalid_app_id'],
    ["order can't be refunded", 'order_cant_be_refunded'],
    ['not found: GET /docs lists what there is', 'not_found'],
    ['raw card data is not accepted; tokenize the card', 'raw_card_data_is_not_accepted'],
  ])('the message %j gives the code %s', (message, code) => {
    expect(codeOf(message)).toBe(code);
  });

  it('a code of its own wins', () => {
    expect(new ApiError(400, 'reworded', { code: 'as_before' }).getResponse()).toEqual({
      message: 'reworded',
      code: 'as_before',
    });
  });
});
