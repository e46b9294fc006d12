import { createHash } from 'node:crypto';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { AppmaxClient, AppmaxFailure, type AppmaxUpsell, failureToApiError } from '../../appmax';
import { ApiError } from '../../common/errors/api-error';
import { KeyedDigest } from '../../common/secrets/keyed-digest';
import { CONFIG, type Config } from '../../config';
import type { Merchant } from '../../installations';
import { KnownOrders, StorefrontBudget } from '../../orders';
import { upsellHashUsed, upsellInProgress, upsellUnknown } from '../errors';
import { Ledger, type SaleOperation } from '../operations/ledger';
import { FenceError } from '../operations/operation-fence';
import type { OperationRow } from '../operations/rows/operation-row';
import { OperationsRepository } from '../operations/rows/operations.repository';
import type { OperationAnswer } from '../operations/state/sale-event';

/** The response to an upsell. */
export interface UpsellResult {
  readonly message: string;
  readonly redirect_url?: string;
}

/** The states in which an upsell_hash is used: the upsell was charged, or may be. */
const USED_STATES = new Set(['prepared', 'sent', 'unknown', 'done']);

/**
 * Charges upsells to the card of the order that the upsell_hash belongs to. Appmax may create a new order for an
 * upsell, and we do not know its id if the answer is lost. So each hash is a sale of its own and is charged at most
 * once. A repeat, with or without an Idempotency-Key, gets the first response again. A person settles a lost answer.
 */
@Injectable()
export class UpsellsService {
  private readonly logger = new Logger('Payments');

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly appmax: AppmaxClient,
    private readonly ledger: Ledger,
    private readonly operations: OperationsRepository,
    private readonly knownOrders: KnownOrders,
    private readonly digest: KeyedDigest,
    private readonly budget: StorefrontBudget,
  ) {}

  /**
   * Charges an upsell.
   *
   * @throws ApiError 409 while it is running, 422 if the hash was used for another upsell or the card is declined, 502
   * `payment outcome unknown`.
   */
  async sell(merchant: Merchant, upsell: AppmaxUpsell): Promise<UpsellResult> {
    const sale = saleOfHash(merchant, upsell.upsell_hash);
    const digests = this.digest.of(upsell);
    const earlier = (await this.operations.ofSale(sale)).findLast(({ state }) => USED_STATES.has(state));
    if (earlier !== undefined) {
      const answer = await this.answerAgain(earlier, digests);
      if (answer !== undefined) return answer;
    }
    const lease = await this.operations.prepare({
      kind: 'upsell',
      installationId: merchant.installationId,
      sale,
      amountCents: upsell.products_value,
      callLimitSeconds: this.config.appmax.timeoutSeconds,
      digest: digests[0],
    });
    if (lease === undefined) throw upsellInProgress();
    const operation = { id: lease.id, sale, orderId: null };
    return this.ledger.during(lease, () => this.send(merchant, upsell, { lease, operation }));
  }

  /** Answers with the outcome of the earlier upsell. @returns undefined if that one was never sent. */
  private async answerAgain(
    earlier: OperationRow,
    digests: readonly string[],
  ): Promise<UpsellResult | undefined> {
    if (!digests.includes(earlier.request_digest ?? '')) throw upsellHashUsed();
    if (earlier.state === 'done')
      return (earlier.result ?? { message: 'upsell accepted' }) as unknown as UpsellResult;
    const { operations } = await this.ledger.expireLeases(earlier.sale ?? '', null);
    switch (operations.find(({ id }) => id === earlier.id)?.state) {
      case 'not_sent':
        return undefined;
      case 'unknown':
        throw upsellUnknown();
      default:
        throw upsellInProgress();
    }
  }

  private async send(
    merchant: Merchant,
    upsell: AppmaxUpsell,
    { lease, operation }: { lease: { id: number; token: string }; operation: SaleOperation },
  ): Promise<UpsellResult> {
    const fence = this.ledger.fence(lease);
    try {
      const made = await this.budget.spend(merchant, 1, () =>
        this.appmax.upsell(merchant.credentials, upsell, fence),
      );
      const { message = 'upsell accepted', redirectUrl, orderId } = made;
      const result = { message, ...(redirectUrl === undefined ? {} : { redirect_url: redirectUrl }) };
      await this.saveAnswer(operation, { kind: 'accepted', status: null }, { result });
      if (orderId !== undefined) await this.saveOrder(merchant, orderId);
      return result;
    } catch (error) {
      const failure = error instanceof Error ? error.message.slice(0, 200) : 'failed';
      if (!fence.isSent) {
        const { state } = await this.ledger.fail(operation, failure);
        if (state === 'unknown') throw upsellUnknown(error);
        if (error instanceof FenceError) throw upsellInProgress();
        throw error instanceof AppmaxFailure ? failureToApiError(error, 'upsell failed') : error;
      }
      if (error instanceof AppmaxFailure && error.kind !== 'unknown') {
        const isDeclined = error.kind === 'declined';
        await this.saveAnswer(
          operation,
          isDeclined ? { kind: 'declined', status: null } : { kind: 'refused', failure },
        );
        throw failureToApiError(error, 'upsell failed');
      }
      if (!(error instanceof AppmaxFailure))
        this.logger.error(error, 'An upsell was sent, but its outcome could not be saved');
      await this.saveAnswer(operation, { kind: 'lost', failure }).catch(() => undefined);
      throw upsellUnknown(error);
    }
  }

  private async saveAnswer(
    { id, sale, orderId }: SaleOperation,
    answer: OperationAnswer,
    outcome: { result?: Readonly<Record<string, unknown>> } = {},
  ): Promise<void> {
    await this.ledger.change(sale, orderId, { type: 'answered', id, answer }, outcome);
  }

  /** Saves the upsell's new order. A failure is only logged: a webhook of the order saves it later. */
  private async saveOrder(merchant: Merchant, orderId: number): Promise<void> {
    try {
      await this.knownOrders.get(merchant, orderId);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.logger.warn({ orderId, reason: error.message }, 'The order of an upsell could not be saved yet');
    }
  }
}

/** Names the sale of an upsell_hash. It uses a digest, because the hash itself can charge the shopper's card. */
function saleOfHash({ installationId }: Merchant, upsellHash: string): string {
  return `upsell:${installationId}:${createHash('sha256').update(upsellHash).digest('hex')}`;
}
