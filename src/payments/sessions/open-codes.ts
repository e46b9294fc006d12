import { Injectable } from '@nestjs/common';
import type { Order } from '../../orders';
import { Ledger, saleOf } from '../operations/ledger';
import { OperationsRepository } from '../operations/rows/operations.repository';
import { openCodeOf } from '../operations/state/decide';
import type { KindOf } from '../operations/state/operation';
import { RULES } from '../operations/state/rules';

/** A Pix or boleto that the shopper can pay. Its data is in the order's row. */
export interface OpenCode {
  readonly method: KindOf<'code'>;
  /** Null if Appmax gave none. */
  readonly expiresAt: Date | null;
}

/** Finds the open codes of an order, for a page that shows them again. */
@Injectable()
export class OpenCodes {
  constructor(
    private readonly ledger: Ledger,
    private readonly operations: OperationsRepository,
  ) {}

  /** Returns the open codes of an order, from our database. */
  async of(order: Order): Promise<OpenCode[]> {
    const rows = await this.operations.ofSale(saleOf(order.id));
    const sale = this.ledger.view(rows, order);
    if (!RULES.isPayable(order.status) || RULES.isPaidFor(sale)) return [];
    return (['pix', 'boleto'] as const).flatMap((method) => {
      const code = openCodeOf(sale, method, order.status, RULES);
      const row = rows.find(({ id }) => id === code?.id);
      return row === undefined ? [] : [{ method, expiresAt: row.code_expires_at }];
    });
  }
}
