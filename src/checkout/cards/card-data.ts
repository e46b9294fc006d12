import type { Config } from '../../config';
import { rawCardRefused } from '../errors';

/**
 * Refuses raw card data unless `CARD_DATA=raw`: most of PCI DSS does not apply to a server that never receives a card.
 *
 * @throws ApiError 400 with `CARD_DATA=token`.
 */
export function refuseRawCard(cardData: Config['cardData']): void {
  if (cardData === 'token') throw rawCardRefused();
}
