import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { AppmaxFailure } from '../../appmax';
import { tooManyRequests } from '../../common/errors/refusals';
import { limitedCallers } from '../../common/http/client-address';
import { currentSession, currentStranger, endHeadRequest } from '../../common/http/request-context';
import { KeyedDigest } from '../../common/secrets/keyed-digest';
import { CONFIG, type Config, type StorefrontCallsConfig } from '../../config';
import { queryPrepared, queryRows } from '../../database';
import type { Merchant } from '../../installations';
import { mayCall, type Refusal } from './fair-share';
import { StorefrontBudgetMetrics } from './storefront-budget-metrics';

/** The caller of the row that counts the calls of all callers. */
const ALL = 'all';

/** The calls that the page of one checkout session may cause in a day: about 20 new orders and lists of installments. */
const CALLS_OF_SESSION = 60;

/** The failures of a call that never reached Appmax, so that it has not used the quota. */
const NOT_SENT = new Set<AppmaxFailure['kind']>(['unavailable', 'suspended', 'revoked']);

/** A caller's row: the digest of its address or network, and the multiple of an address's share that it may use. */
interface CallerRow {
  readonly caller: string;
  readonly share: number;
}

/** A caller's row with the calls of the day, those that were just added included. */
interface CountedRow {
  readonly caller: string;
  readonly calls: number;
  readonly day: string;
}

/** The rows that count calls, and the rule by which they are refused. */
interface Limit {
  readonly counted: readonly string[];
  /** Returns the limit that refuses calls which are already counted in the rows. */
  readonly refusal: (rows: readonly CountedRow[], calls: number) => Refusal | undefined;
}

/**
 * SQL: adds calls to the rows of the day. The rows are locked in the order of {@link GIVE_BACK}. The commit does not wait
 * for the disk: all new orders of a merchant would wait for each other's, and a crash of PostgreSQL may forget counts.
 */
const ADD = `INSERT INTO storefront_calls AS c (installation_id, day, caller, calls)
  SELECT $1::bigint, now()::date, caller, $3::integer FROM unnest($2::text[]) AS each (caller)
  ORDER BY caller = '${ALL}' DESC, caller
  ON CONFLICT (installation_id, day, caller) DO UPDATE SET calls = c.calls + excluded.calls
  RETURNING caller, calls, day::text AS day, set_config('synchronous_commit', 'off', true)`;

/** SQL: takes calls back. */
const GIVE_BACK = `WITH locked AS MATERIALIZED (
    SELECT caller FROM storefront_calls WHERE installation_id = $1 AND day = $4::date AND caller = ANY($2::text[])
    ORDER BY caller = '${ALL}' DESC, caller FOR UPDATE)
  UPDATE storefront_calls c SET calls = GREATEST(0, c.calls - $3::integer) FROM locked
  WHERE c.installation_id = $1 AND c.day = $4::date AND c.caller = locked.caller`;

/**
 * Limits the calls to Appmax that callers without a secret key can cause: per merchant and day (UTC), for all instances
 * together. An address may use a share of what is left of the day's calls, so those that have called least are served to
 * the end. The page of a checkout session has calls of its own, because the shop has asked for the session: strangers
 * can't use them up. Payments of existing orders, requests with a secret key and background work are not counted.
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
    const { counted, refusal } = this.limitOf(stranger, currentSession());
    const day = await this.take(installationId, { counted, refusal, calls });
    try {
      return await work();
    } catch (error) {
      if (isNotSent(error)) await this.giveBack(installationId, { day, counted, calls });
      throw error;
    }
  }

  /** Returns the rows that count a caller's calls, and the rule for them. */
  private limitOf(stranger: string, session: string | undefined): Limit {
    const callerOf = (subject: string): string => this.digest.of(['storefront_calls', subject])[0];
    if (session !== undefined)
      return {
        counted: [callerOf(`session ${session}`)],
        refusal: ([row]) => ((row?.calls ?? 0) > CALLS_OF_SESSION ? 'session' : undefined),
      };
    const callers = limitedCallers(stranger).map(({ subject, share }) => ({
      caller: callerOf(subject),
      share,
    }));
    return {
      counted: [ALL, ...callers.map(({ caller }) => caller)],
      refusal: (rows, calls) => this.refusal(rows, { callers, calls }),
    };
  }

  /**
   * Counts calls in all rows of the caller, in one statement, and takes them back if the caller may not cause them.
   *
   * @returns the day that they count for.
   * @throws ApiError 429
   */
  private async take(
    installationId: number,
    { counted, refusal, calls }: Limit & { readonly calls: number },
  ): Promise<string> {
    const rows = await queryPrepared<CountedRow>(this.dataSource, {
      name: 'storefront_calls_add',
      text: ADD,
      values: [installationId, counted, calls],
    });
    const [first] = rows;
    if (first === undefined) throw new Error('The calls of a storefront were not counted');
    const { day } = first;
    const reason = refusal(rows, calls);
    if (reason === undefined) {
      if (first.caller === ALL && first.calls === calls) await this.deleteEarlierDays(installationId);
      return day;
    }
    await this.giveBack(installationId, { day, counted, calls });
    this.metrics.refused.inc({ reason });
    throw tooManyRequests(await this.secondsToMidnight(), 'too many requests for this shop: try again later');
  }

  /** Returns the limit that refuses calls which are already counted. */
  private refusal(
    counted: readonly CountedRow[],
    { callers, calls }: { callers: readonly CallerRow[]; calls: number },
  ): Refusal | undefined {
    const total = counted.find(({ caller }) => caller === ALL)?.calls ?? calls;
    const left = this.config.perDay - (total - calls);
    if (left < calls) return 'budget';
    const isAllowed = callers.every(({ caller, share }) => {
      const used = (counted.find((row) => row.caller === caller)?.calls ?? calls) - calls;
      return mayCall({ used, calls, left, percent: this.config.addressPercent * share });
    });
    return isAllowed ? undefined : 'share';
  }

  private async giveBack(
    installationId: number,
    { day, counted, calls }: { day: string; counted: readonly string[]; calls: number },
  ): Promise<void> {
    await this.dataSource.query(GIVE_BACK, [installationId, counted, calls, day]);
  }

  private async deleteEarlierDays(installationId: number): Promise<void> {
    await this.dataSource.query(
      'DELETE FROM storefront_calls WHERE installation_id = $1 AND day < now()::date',
      [installationId],
    );
  }

  private async secondsToMidnight(): Promise<number> {
    const [row] = await queryRows<{ seconds: number }>(
      this.dataSource,
      `SELECT ceil(extract(epoch FROM now()::date + interval '1 day' - now()::timestamp))::int AS seconds`,
    );
    return Math.max(1, row?.seconds ?? 1);
  }
}

function isNotSent(error: unknown): boolean {
  const failure = error instanceof Error && error.cause instanceof AppmaxFailure ? error.cause : error;
  if (!(failure instanceof AppmaxFailure)) return false;
  return NOT_SENT.has(failure.kind) || (failure.kind === 'rate_limited' && failure.status === undefined);
}
