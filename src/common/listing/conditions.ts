/** Builds the WHERE clause of a list from its filters. */
export class Conditions {
  readonly parameters: unknown[] = [];
  private readonly conditions: string[] = [];

  /**
   * Adds a condition, unless the filter's value is undefined.
   *
   * @param condition makes the SQL from the placeholder of the value, such as `$1`.
   */
  where(value: unknown, condition: (parameter: string) => string): this {
    if (value === undefined) return this;
    this.parameters.push(value);
    this.conditions.push(condition(`$${this.parameters.length}`));
    return this;
  }

  /** Adds a condition without a parameter. */
  and(condition: string | undefined): this {
    if (condition !== undefined) this.conditions.push(condition);
    return this;
  }

  /** The clause; empty without conditions. */
  get sql(): string {
    return this.conditions.length === 0 ? '' : `WHERE ${this.conditions.join(' AND ')}`;
  }
}

/**
 * SQL: the rows after the cursor's row, in a list by `created_at` and `id`, newest first. Neither column ever changes.
 *
 * @param parameter the placeholder of the id of the cursor's row.
 * @param row the alias of the listed rows.
 */
export const olderThan = (table: string, parameter: string, row = table): string =>
  `(${row}.created_at, ${row}.id) < ((SELECT c.created_at FROM ${table} c WHERE c.id = ${parameter}), ${parameter})`;
