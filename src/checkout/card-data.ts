import { ApiError } from '../common/errors/api-error';
import type { Config } from '../config';

/** 400: cards are taken as tokens alone. */
export function rawCardRefused(): ApiError {
  return new ApiError(400, 'raw card data is not accepted; tokenize the card in the browser');
}

/**
 * Refuses cards as shoppers type them, unless they are wanted: a server that never sees a card stays out of most of
 * PCI DSS.
 *
 * @throws ApiError 400 with `CARD_DATA=token`.
 */
export function refuseRawCard(cardData: Config['cardData']): void {
  if (cardData === 'token') throw rawCardRefused();
}
