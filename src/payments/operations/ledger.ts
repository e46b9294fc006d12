import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import { isLeased, LEASE_EXPIRY, type Lease } from '../../common/leases/lease';
import { LeaseKeeper } from '../../common/leases/lease-keeper';
import { type Config, CONFIG } from '../../config';
import { OperationFence } from './operation-fence';
import { OrderRows } from '../order-rows';
import { EffectWriter, type Outcome } from './effect-writer';
import type { Operation, OrderReading, Sale } from './state/operation';
import { toOperation, type OperationRow } from './operation-row';
import { OperationsRepository } from './operations.repository';
import type { Effect } from './state/effect';
import type { OperationAnswer, SaleEvent } from './state/sale-event';
import { transition } from './state/transition';

/** The sale of an order: what may be charged at most once. @param orderId in our database. */
export const saleOf = (orderId: number): string => `order:${orderId}`;

/** A sale as it was read, and what its operations are at any moment since. */
export interface LoadedSale {
  readonly sale: Sale;
  readonly rows: readonly OperationRow[];
}

/** An operation by its sale, and its order in our database where it has one. */
export interface SaleOperation {
  readonly id: number;
  readonly sale: string;
  readonly orderId: number | null;
}

/**
 * Runs the transitions of operations and writes what they lead to. The rules are those of transition.ts; here is how they
 * meet the database: each change is written on the condition that the state it was decided on still stands.
 */
@Injectable()
export class Ledger implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly leases: LeaseKeeper;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly operations: OperationsRepository,
    private readonly orderRows: OrderRows,
    private readonly effects: EffectWriter,
  ) {
    this.leases = new LeaseKeeper(dataSource, {
      name: 'operations',
      idColumn: 'id',
      alsoSet: `next_check_at = ${LEASE_EXPIRY}`,
      // An operation whose lease has expired may be under judgement.
      onlyIf: `t.state IN ('prepared', 'sent') AND ${isLeased('t')}`,
    });
  }

  onApplicationBootstrap(): void {
    this.leases.start();
  }

  /** Leases are renewed until the last request has drained. */
  async onApplicationShutdown(): Promise<void> {
    await this.leases.stop();
  }

  /** Holds an operation's lease for as long as the work takes. */
  during<Value>(lease: Lease, work: () => Promise<Value>): Promise<Value> {
    return this.leases.during(lease, work);
  }

  /** The fence of an operation, for the call to Appmax that carries it out. @throws FenceError from `pass`. */
  fence(lease: Lease): OperationFence {
    return new OperationFence(lease, this.operations);
  }

  /** A sale with an operation that was prepared and has passed its fence. */
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
      superseded: false,
    };
    return { ...sale, operations: [...sale.operations, operation] };
  }

  /** Operations as the rules see them. @param at when a reading was asked for; the database's now where it is left out. */
  view(rows: readonly OperationRow[], order: { status: string; totalCents: number }, at?: Date): Sale {
    const { paymentSettleSeconds: settleSeconds } = this.config;
    return {
      orderStatus: order.status,
      totalCents: order.totalCents,
      operations: rows.map((row) => toOperation(row, { at: at ?? row.database_now, settleSeconds })),
    };
  }

  /**
   * Writes how Appmax answered an operation that was sent: its end and the order's change are one statement.
   *
   * @param known the sale as it was when the operation was sent. Where it has changed since, the change counts.
   * @returns the operation as it stands then, and the order's status.
   */
  async answer(
    operation: SaleOperation,
    known: Sale,
    answer: OperationAnswer,
    outcome: Outcome = {},
  ): Promise<{ operation: Operation; orderStatus: string }> {
    const { id, sale, orderId } = operation;
    const { effects, sale: after } = transition(known, { type: 'answered', id, answer });
    const status = await this.writeAnswer(orderId, known, effects, outcome);
    if (status !== undefined) return { operation: operationIn(after, id), orderStatus: status };
    const changed = await this.change(sale, orderId, { type: 'answered', id, answer }, outcome);
    return { operation: operationIn(changed, id), orderStatus: changed.orderStatus };
  }

  /** @returns the order's status, undefined where more than one statement is needed. */
  private async writeAnswer(
    orderId: number | null,
    known: Sale,
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
    if (row.type !== 'row' || orderId === null) return undefined;
    const proven = { orderId, status: row.status, columns: outcome.columns ?? {} };
    const status = await this.operations.updateWithOrder(change, result, proven);
    if (status !== undefined) this.effects.count(known, change);
    return status;
  }

  /** Notes an operation that ended in an unforeseen way, or was given up before it was sent. */
  async fail(operation: SaleOperation, failure: string): Promise<Operation> {
    const { id, sale, orderId } = operation;
    return operationIn(await this.change(sale, orderId, { type: 'failed', id, failure }), id);
  }

  /** Ends operations of a sale whose lease is over. */
  async expireLeases(sale: string, orderId: number | null): Promise<Sale> {
    return this.dataSource.transaction(async (manager) => {
      let current = await this.lock(manager, sale, orderId, undefined);
      for (const { id } of current.operations) {
        const { effects, sale: after } = transition(current, { type: 'lease_over', id });
        await this.effects.write(manager, { orderId, before: current, effects });
        current = after;
      }
      return current;
    });
  }

  /**
   * Judges a sale's operations by what Appmax says of its order.
   *
   * @param reading what it says; null where nothing but time has passed.
   * @param at when it was asked, by the database's clock.
   */
  observe(
    sale: string,
    orderId: number | null,
    ...[reading, at]: [reading: OrderReading, at: Date] | [reading: null]
  ): Promise<Sale> {
    return this.change(sale, orderId, { type: 'read', reading }, {}, at);
  }

  /** The same inside a transaction of the caller's. The sale's operations are locked, and then the order's row. */
  async observeWithin(
    manager: EntityManager,
    { sale, orderId, reading, at }: { sale: string; orderId: number; reading: OrderReading; at: Date },
  ): Promise<{ mayLearn: boolean }> {
    const before = await this.lock(manager, sale, orderId, at);
    const { effects } = transition(before, { type: 'read', reading });
    await this.effects.write(manager, {
      orderId,
      before,
      effects: effects.filter(({ type }) => type !== 'learn'),
    });
    return {
      mayLearn: reading.status === before.orderStatus || effects.some(({ type }) => type === 'learn'),
    };
  }

  /** Does an event to a sale, in one transaction. @returns the sale afterwards. */
  async change(
    sale: string,
    orderId: number | null,
    event: SaleEvent,
    outcome: Outcome = {},
    at?: Date,
  ): Promise<Sale> {
    return this.dataSource.transaction(async (manager) => {
      const before = await this.lock(manager, sale, orderId, at);
      const { effects, sale: after } = transition(before, event);
      const orderStatus = await this.effects.write(manager, { orderId, before, effects, outcome, at });
      return { ...after, orderStatus: orderStatus ?? after.orderStatus };
    });
  }

  /** Writes effects that were decided on rows that may have changed: each counts only if its own state still stands. */
  async writeAll(
    orderId: number,
    before: Sale,
    { effects, at }: { effects: readonly Effect[]; at: Date },
  ): Promise<void> {
    if (effects.every(({ type }) => type === 'decide')) return;
    await this.dataSource.transaction((manager) =>
      this.effects.write(manager, { orderId, before, effects, at }),
    );
  }

  private async lock(
    manager: EntityManager,
    sale: string,
    orderId: number | null,
    at: Date | undefined,
  ): Promise<Sale> {
    const rows = await this.operations.ofSale(sale, { manager, lock: true });
    const order = orderId === null ? undefined : await this.orderRows.lock(manager, orderId);
    return this.view(rows, order ?? { status: 'pendente', totalCents: 0 }, at);
  }
}

function operationIn({ operations }: Sale, id: number): Operation {
  const operation = operations.find((candidate) => candidate.id === id);
  if (operation === undefined) throw new Error(`Operation ${id} is not of this sale`);
  return operation;
}
