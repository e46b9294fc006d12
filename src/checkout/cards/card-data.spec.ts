import { ApiError } from '../../common/errors/api-error';
import { refuseRawCard } from './card-data';

describe('refuseRawCard', () => {
  it('with CARD_DATA=token, raw card data is refused with a hint to tokenize', () => {
    expect(() => {
      refuseRawCard('token');
    }).toThrow(new ApiError(400, 'raw card data is not accepted; tokenize the card in the browser'));
  });

  it('with CARD_DATA=raw, raw card data is accepted', () => {
    expect(() => {
      refuseRawCard('raw');
    }).not.toThrow();
  });
});
