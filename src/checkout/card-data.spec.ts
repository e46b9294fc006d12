import { ApiError } from '../common/errors/api-error';
import { refuseRawCard } from './card-data';

describe('refuseRawCard', () => {
  it('names the way that is open where cards are taken as tokens', () => {
    expect(() => {
      refuseRawCard('token');
    }).toThrow(new ApiError(400, 'raw card data is not accepted; tokenize the card in the browser'));
  });

  it('lets cards through where they are taken as they are', () => {
    expect(() => {
      refuseRawCard('raw');
    }).not.toThrow();
  });
});
