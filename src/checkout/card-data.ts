import { ApiError } from '../common/errors/api-error';
import type { Config } from '../config';

/** 400: the service accepts card tokens only. */
export function rawCardRefused(): ApiError {
  return new ApiError(400, 'raw card data is not accepted; tokenize the card in the browser');
}

/**
 * Refuses raw card data unless `CARD_DATA=raw`: most of PCI DSS does not apply to a server that never receives a card.
 *
 * @throws ApiError 400 with `CARD_DATA=token`.
 */
export function refuseRawCard(cardData: Config['cardData']): void {
  if (cardData === 'token') throw rawCardRefused();
}
