import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { Sealer, SealError } from '../../common/secrets/sealer';
import { queryRows, type StatementRunner } from '../../database';
import {
  fitsColumns,
  LONGEST_CREDENTIAL,
  openCredentials,
  sealCredentials,
  type StoredCredentials,
} from './credential-seals';

const BATCH = 200;

/** The SQL condition for a row that is not sealed with the current key. */
const NOT_CURRENT = `NOT (starts_with(merchant_client_id, $1) AND starts_with(merchant_client_secret, $1))`;

interface Row {
  readonly id: number;
  readonly external_key: string;
  readonly merchant_client_id: string;
  readonly merchant_client_secret: string;
}

/** The number of rows that are sealed with the current key, and of those that are not. */
export interface SealCounts {
  readonly due: number;
  readonly current: number;
}

/** A row and its credentials, sealed with the current key. */
interface Change {
  readonly row: Row;
  readonly sealed: StoredCredentials;
}

/** The result of a rotation: the number of resealed rows, and the ids of the failed rows by reason. */
export interface Rotation {
  readonly sealed: number;
  readonly failed: ReadonlyMap<string, readonly number[]>;
}

/** Reseals all merchants' credentials with the current APP_KEY. If it is stopped, the next run does the rest. */
@Injectable()
export class KeyRotation {
  constructor(
    @InjectDataSource() private readonly runner: StatementRunner,
    private readonly sealer: Sealer,
  ) {}

  /** The id of the current key. */
  get keyId(): string {
    return this.sealer.keyId;
  }

  /** Counts the rows that are sealed with the current key, and those that are not. */
  async count(): Promise<SealCounts> {
    const [row] = await queryRows<SealCounts>(
      this.runner,
      `SELECT count(*) FILTER (WHERE ${NOT_CURRENT}) AS due, count(*) FILTER (WHERE NOT (${NOT_CURRENT})) AS current
       FROM installations`,
      [this.sealer.prefix],
    );
    return row ?? { due: 0, current: 0 };
  }

  /**
   * Reseals the rows in batches, oldest first. It does not overwrite credentials that change meanwhile: the change has
   * sealed them, and if it used another key, the next run reseals them.
   *
   * @param onDone is called after each batch with the batch's number of rows.
   */
  async run(stop: AbortSignal, onDone: (count: number) => void): Promise<Rotation> {
    return this.forEachBatch(stop, async (changes, count) => {
      const sealed = await this.save(changes);
      onDone(count);
      return sealed;
    });
  }

  /** Finds the rows that {@link run} could not reseal, by reason; changes nothing. */
  async check(): Promise<Rotation['failed']> {
    const { failed } = await this.forEachBatch(new AbortController().signal, () => Promise.resolve(0));
    return failed;
  }

  /** @param save is called with the sealed rows of each batch and its size. It returns the number of saved rows. */
  private async forEachBatch(
    stop: AbortSignal,
    save: (changes: readonly Change[], count: number) => Promise<number>,
  ): Promise<Rotation> {
    const failed = new Map<string, number[]>();
    let sealed = 0;
    let after = 0;
    while (!stop.aborted) {
      const rows = await this.select(after);
      if (rows.length === 0) break;
      const changes = rows.flatMap((row) => {
        const resealed = this.reseal(row);
        if (typeof resealed !== 'string') return [{ row, sealed: resealed }];
        failed.set(resealed, [...(failed.get(resealed) ?? []), row.id]);
        return [];
      });
      sealed += await save(changes, rows.length);
      after = rows.at(-1)?.id ?? after;
    }
    return { sealed, failed };
  }

  private select(after: number): Promise<Row[]> {
    return queryRows<Row>(
      this.runner,
      `SELECT id, external_key, merchant_client_id, merchant_client_secret FROM installations
       WHERE id > $2 AND ${NOT_CURRENT} ORDER BY id LIMIT ${BATCH}`,
      [this.sealer.prefix, after],
    );
  }

  private async save(changes: readonly Change[]): Promise<number> {
    // Rows are locked in the order of their ids, so that two runs at once cannot deadlock. They are compared with what
    // was read, so that a change in between is not overwritten.
    const saved = await queryRows<object>(
      this.runner,
      `WITH locked AS (SELECT id FROM installations WHERE id = ANY($1) ORDER BY id FOR UPDATE)
       UPDATE installations i SET merchant_client_id = v.new_id, merchant_client_secret = v.new_secret
       FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[])
         AS v (id, old_id, old_secret, new_id, new_secret) JOIN locked USING (id)
       WHERE i.id = v.id AND i.merchant_client_id = v.old_id AND i.merchant_client_secret = v.old_secret
       RETURNING i.id`,
      [
        changes.map(({ row }) => row.id),
        changes.map(({ row }) => row.merchant_client_id),
        changes.map(({ row }) => row.merchant_client_secret),
        changes.map(({ sealed }) => sealed.merchantClientId),
        changes.map(({ sealed }) => sealed.merchantClientSecret),
      ],
    );
    return saved.length;
  }

  /** @returns the row's credentials, sealed with the current key, or the reason why that failed. */
  private reseal(row: Row): StoredCredentials | string {
    const { external_key: externalKey, merchant_client_id: id, merchant_client_secret: secret } = row;
    try {
      const stored = { merchantClientId: id, merchantClientSecret: secret };
      const credentials = openCredentials(this.sealer, externalKey, stored);
      if (!fitsColumns(credentials))
        return `not sealed, and too long to seal: more than ${LONGEST_CREDENTIAL} bytes`;
      return sealCredentials(this.sealer, externalKey, credentials);
    } catch (error) {
      if (error instanceof SealError) return error.message;
      throw error;
    }
  }
}
