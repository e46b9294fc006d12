import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import { isLeased, type Lease, LEASE_EXPIRY } from '../../common/leases/lease';
import { LeaseKeeper } from '../../common/leases/lease-keeper';
import { CONFIG, type Config } from '../../config';
import { OrderRows } from '../order-rows';
import { EffectWriter, type Outcome } from './effect-writer';
import { OperationFence } from './operation-fence';
import { type OperationRow, toOperation } from './rows/operation-row';
import { OperationsRepository } from './rows/operations.repository';
import { decisionOf, type Effect, type SaleDecision, type Step } from './state/effect';
import type { Operation, OrderReading, Sale } from './state/operation';
import type { OperationAnswer, SaleEvent } from './state/sale-event';
import { transition } from './state/transition';

/** Names the sale of an order; a sale may be charged at most once. @param orderId the id in our database. */
export const saleOf = (orderId: number): string => `order:${orderId}`;

/** An operation's id with its sale and, if it has one, its order in our database. */
export interface SaleOperation {
  readonly id: number;
  readonly sale: string;
  readonly orderId: number | null;
}

/** Renews the leases of the operations that this process sends. */
@Injectable()
export class OperationLeases extends LeaseKeeper {
  constructor(@InjectDataSource() dataSource: DataSource) {
    super(dataSource, {
      name: 'operations',
      idColumn: 'id',
      alsoSet: `next_check_at = ${LEASE_EXPIRY}`,
      // An operation whose lease has expired may be under judgement.
      onlyIf: `t.state IN ('prepared', 'sent') AND ${isLeased('t')}`,
    });
  }
}

/**
 * Runs the transitions of `transition.ts` and saves their effects. A change is saved only if the operation is still in
 * the state that the decision was based on.
 */
@Injectable()
export class Ledger {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly operations: OperationsRepository,
    private readonly leases: OperationLeases,
    private readonly orderRows: OrderRows,
    private readonly effects: EffectWriter,
  ) {}

  /** Renews an operation's lease until the work has finished. */
  during<Value>(lease: Lease, work: () => Promise<Value>): Promise<Value> {
    return this.leases.during(lease, work);
  }

  /** Creates the fence of an operation, for its call to Appmax. @throws FenceError from `pass`. */
  fence(lease: Lease): OperationFence {
    return new OperationFence(lease, this.operations);
  }

  /** Returns a sale with a new operation that has passed its fence. */
  withSent(
    sale: Sale,
    { id, kind, totalCents, baseline }: Pick<Operation, 'id' | 'kind' | 'baseline'> & { totalCents: number },
  ): Sale {
    const operation: Operation = {
      id,
      kind,
      state: 'sent',
      keyId: null,
      leaseToken: null,
      leaseOver: false,
      phase: 'running',
      amountCents: totalCents,
      baseline,
      evidence: null,
      failure: null,
      code: 'none',
      isCodeOver: false,
      superseded: false,
    };
    return { ...sale, operations: [...sale.operations, operation] };
  }

  /** Maps rows to a sale for the rules. @param at the time of a reading's request; by default, the database's now. */
  view(rows: readonly OperationRow[], order: { status: string; totalCents: number }, at?: Date): Sale {
    const { paymentSettleSeconds: settleSeconds } = this.config;
    return {
      orderStatus: order.status,
      totalCents: order.totalCents,
      closure: rows.find(({ closure }) => closure !== null)?.closure ?? undefined,
      operations: rows.map((row) => toOperation(row, { at: at ?? row.database_now, settleSeconds })),
    };
  }

  /**
   * Saves Appmax's answer to an operation that was sent, or that the answer was lost. One statement changes the
   * operation and the order's row.
   *
   * @param known the sale as it was when the operation was sent. If it has changed since, the current sale counts.
   * @returns the operation after the answer, and the order's status.
   */
  async answer(
    operation: SaleOperation,
    known: Sale,
    answer: OperationAnswer,
    outcome: Outcome = {},
  ): Promise<{ operation: Operation; orderStatus: string }> {
    const { id, sale, orderId } = operation;
    const { effects, sale: after } = transition(known, { type: 'answered', id, answer });
    const status = await this.writeAnswer(orderId, { before: known, after }, effects, outcome);
    if (status !== undefined) return { operation: operationIn(after, id), orderStatus: status };
    const changed = await this.change(sale, orderId, { type: 'answered', id, answer }, outcome);
    return { operation: operationIn(changed, id), orderStatus: changed.orderStatus };
  }

  /** Saves an answer in one statement. @returns the order's status; undefined if one statement is not enough. */
  private async writeAnswer(
    orderId: number | null,
    { before: known, after }: { before: Sale; after: Sale },
    [change, row, ...others]: readonly Effect[],
    outcome: Outcome,
  ): Promise<string | undefined> {
    if (change?.type !== 'update' || others.length > 0) return undefined;
    const result = change.to === 'done' ? outcome : {};
    if (row === undefined) {
      if (!(await this.operations.update(change, result))) return undefined;
      this.effects.count(known, change);
      return known.orderStatus;
    }
    if (row.type !== 'prove_status' || orderId === null) return undefined;
    const proven = { orderId, status: row.status, columns: outcome.columns ?? {} };
    const keyEnd = change.to === 'done' ? outcome.keyEnd?.(after.orderStatus) : undefined;
    const ending = keyEnd && { keyEnd, ifStatus: after.orderStatus };
    const status = await this.operations.updateWithOrder(change, result, proven, ending);
    if (status !== undefined) this.effects.count(known, change);
    return status;
  }

  /** Saves the failure of an operation: an unexpected error, or a failure before it was sent. */
  async fail(operation: SaleOperation, failure: string): Promise<Operation> {
    const { id, sale, orderId } = operation;
    return operationIn(await this.change(sale, orderId, { type: 'failed', id, failure }), id);
  }

  /** Ends the operations of a sale whose lease has expired. */
  async expireLeases(sale: string, orderId: number | null): Promise<Sale> {
    return this.dataSource.transaction(async (manager) => {
      let current = await this.lock(manager, sale, orderId);
      for (const { id } of current.operations) {
        const { effects, sale: after } = transition(current, { type: 'lease_over', id });
        await this.effects.write(manager, { orderId, before: current, effects });
        current = after;
      }
      return current;
    });
  }

  /**
   * Judges a sale's operations by a reading of its order at Appmax.
   *
   * @param reading the reading; null to judge only by the time that has passed.
   * @param at the time of the reading's request, by the database's clock.
   */
  observe(
    sale: string,
    orderId: number | null,
    ...[reading, at]: [reading: OrderReading, at: Date] | [reading: null]
  ): Promise<Sale> {
    return this.change(sale, orderId, { type: 'read', reading }, {}, at);
  }

  /** Like {@link observe}, in the caller's transaction. Locks the sale's operations first, then the order's row. */
  async observeWithin(
    manager: EntityManager,
    { sale, orderId, reading, at }: { sale: string; orderId: number; reading: OrderReading; at: Date },
  ): Promise<{ mayApply: boolean }> {
    const before = await this.lock(manager, sale, orderId, { at, reading });
    const { effects } = transition(before, { type: 'read', reading });
    await this.effects.write(manager, {
      orderId,
      before,
      effects: effects.filter(({ type }) => type !== 'apply_status'),
    });
    return {
      mayApply: reading.status === before.orderStatus || effects.some(({ type }) => type === 'apply_status'),
    };
  }

  /** Applies an event to a sale, in one transaction. @returns the sale afterwards. */
  async change(
    sale: string,
    orderId: number | null,
    event: SaleEvent,
    outcome: Outcome = {},
    at?: Date,
  ): Promise<Sale> {
    return (await this.step(sale, orderId, event, outcome, at)).sale;
  }

  /**
   * Decides about a request for a payment on the locked sale, and saves the effects: those of its reading, and the end of
   * operations whose lease has expired. Rows from before the reading would be wrong: a payment that was sent meanwhile
   * may be what the reading shows.
   *
   * @param at the time of the reading's request, by the database's clock.
   */
  async decide(orderId: number, asked: SaleEvent & { type: 'asked' }, at?: Date): Promise<SaleDecision> {
    const { effects, sale } = await this.step(saleOf(orderId), orderId, asked, {}, at);
    return { decision: decisionOf(effects), sale };
  }

  /** Locks a sale, applies an event to it, and saves the effects, in one transaction. */
  private step(
    sale: string,
    orderId: number | null,
    event: SaleEvent,
    outcome: Outcome,
    at: Date | undefined,
  ): Promise<Step> {
    return this.dataSource.transaction(async (manager) => {
      const reading = 'reading' in event ? event.reading : null;
      const before = await this.lock(manager, sale, orderId, { at, reading });
      const { effects, sale: after } = transition(before, event);
      const orderStatus = await this.effects.write(manager, { orderId, before, effects, outcome, at });
      return { effects, sale: { ...after, orderStatus: orderStatus ?? after.orderStatus } };
    });
  }

  private async lock(
    manager: EntityManager,
    sale: string,
    orderId: number | null,
    { at, reading }: { at?: Date | undefined; reading?: OrderReading | null } = {},
  ): Promise<Sale> {
    const rows = await this.operations.ofSale(sale, { manager, lock: true });
    const order =
      orderId === null ? undefined : await this.orderRows.lock(manager, orderId, reading?.dueCents);
    return this.view(rows, order ?? { status: 'pendente', totalCents: 0 }, at);
  }
}

function operationIn({ operations }: Sale, id: number): Operation {
  const operation = operations.find((candidate) => candidate.id === id);
  if (operation === undefined) throw new Error(`Operation ${id} is not of this sale`);
  return operation;
}
