import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { AppmaxFailure } from '../../appmax';
import { tooManyRequests } from '../../common/errors/refusals';
import { limitedCallers } from '../../common/http/client-address';
import { currentStranger, endHeadRequest } from '../../common/http/request-context';
import { KeyedDigest } from '../../common/secrets/keyed-digest';
import { CONFIG, type Config, type StorefrontCallsConfig } from '../../config';
import { queryRows, type StatementRunner } from '../../database';
import type { Merchant } from '../../installations';
import { mayCall, type Refusal } from './fair-share';
import { StorefrontBudgetMetrics } from './storefront-budget-metrics';

/** The caller of the row that counts the calls of all callers. */
const ALL = 'all';

/** The failures of a call that never reached Appmax, so that it has not used the quota. */
const NOT_SENT = new Set<AppmaxFailure['kind']>(['unavailable', 'suspended', 'revoked']);

/** A caller's row: the digest of its address or network, and the multiple of an address's share that it may use. */
interface CallerRow {
  readonly caller: string;
  readonly share: number;
}

/** Thrown inside the transaction of a call that is refused, to roll it back. */
class OverBudgetError extends Error {
  constructor(readonly reason: Refusal) {
    super(reason);
  }
}

/**
 * Limits the calls to Appmax that callers without a secret key can cause: per merchant and day (UTC), for all instances
 * together. An address may use a share of what is left of the day's calls, so those that have called least are served to
 * the end. Payments of existing orders, requests with a secret key and background work are not counted.
 */
@Injectable()
export class StorefrontBudget {
  private readonly config: StorefrontCallsConfig;
  private readonly isEnabled: boolean;

  constructor(
    @Inject(CONFIG) { appmax, rateLimit }: Config,
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly digest: KeyedDigest,
    private readonly metrics: StorefrontBudgetMetrics,
  ) {
    this.config = appmax.storefrontCalls;
    this.isEnabled = rateLimit;
  }

  /**
   * Runs work that makes a number of calls to Appmax, if the caller of the current request may still cause them. Calls
   * that were not sent are given back.
   *
   * @throws ApiError 429 with the seconds until the next day; the work's own errors.
   */
  async spend<Value>(
    { installationId }: Merchant,
    calls: number,
    work: () => Promise<Value>,
  ): Promise<Value> {
    const stranger = this.isEnabled ? currentStranger() : undefined;
    if (stranger === undefined) return work();
    endHeadRequest();
    const callers = limitedCallers(stranger).map(({ subject, share }) => ({
      caller: this.digest.of(['storefront_calls', subject])[0],
      share,
    }));
    const day = await this.take(installationId, callers, calls);
    try {
      return await work();
    } catch (error) {
      if (isNotSent(error)) await this.giveBack(installationId, { day, callers, calls });
      throw error;
    }
  }

  /** Counts calls. @returns the day that they count for. @throws ApiError 429 */
  private async take(installationId: number, callers: readonly CallerRow[], calls: number): Promise<string> {
    try {
      return await this.dataSource.transaction(async (runner) => {
        // The row of all callers is locked first, so that the calls of one merchant are counted one after the other.
        const total = await add(runner, { installationId, caller: ALL, calls });
        const left = this.config.perDay - (total.calls - calls);
        if (left < calls) throw new OverBudgetError('budget');
        for (const { caller, share } of callers) {
          const counted = await add(runner, { installationId, caller, calls });
          const used = counted.calls - calls;
          const percent = this.config.addressPercent * share;
          if (!mayCall({ used, calls, left, percent })) throw new OverBudgetError('share');
        }
        if (total.calls === calls) await deleteEarlierDays(runner, installationId);
        return total.day;
      });
    } catch (error) {
      if (!(error instanceof OverBudgetError)) throw error;
      this.metrics.refused.inc({ reason: error.reason });
      throw tooManyRequests(
        await this.secondsToMidnight(),
        'too many requests for this shop: try again later',
      );
    }
  }

  private async giveBack(
    installationId: number,
    { day, callers, calls }: { day: string; callers: readonly CallerRow[]; calls: number },
  ): Promise<void> {
    await this.dataSource.transaction(async (runner) => {
      for (const caller of [ALL, ...callers.map((each) => each.caller)])
        await runner.query(
          `UPDATE storefront_calls SET calls = GREATEST(0, calls - $4)
           WHERE installation_id = $1 AND day = $2::date AND caller = $3`,
          [installationId, day, caller, calls],
        );
    });
  }

  private async secondsToMidnight(): Promise<number> {
    const [row] = await queryRows<{ seconds: number }>(
      this.dataSource,
      `SELECT ceil(extract(epoch FROM now()::date + interval '1 day' - now()::timestamp))::int AS seconds`,
    );
    return Math.max(1, row?.seconds ?? 1);
  }
}

/** Adds calls to a caller's row of the day, and locks it. */
async function add(
  runner: StatementRunner,
  { installationId, caller, calls }: { installationId: number; caller: string; calls: number },
): Promise<{ calls: number; day: string }> {
  const [row] = await queryRows<{ calls: number; day: string }>(
    runner,
    `INSERT INTO storefront_calls AS c (installation_id, day, caller, calls) VALUES ($1, now()::date, $2, $3)
     ON CONFLICT (installation_id, day, caller) DO UPDATE SET calls = c.calls + excluded.calls
     RETURNING calls, day::text AS day`,
    [installationId, caller, calls],
  );
  if (row === undefined) throw new Error('The calls of a storefront were not counted');
  return row;
}

async function deleteEarlierDays(runner: StatementRunner, installationId: number): Promise<void> {
  await runner.query('DELETE FROM storefront_calls WHERE installation_id = $1 AND day < now()::date', [
    installationId,
  ]);
}

function isNotSent(error: unknown): boolean {
  const failure = error instanceof Error && error.cause instanceof AppmaxFailure ? error.cause : error;
  if (!(failure instanceof AppmaxFailure)) return false;
  return NOT_SENT.has(failure.kind) || (failure.kind === 'rate_limited' && failure.status === undefined);
}
