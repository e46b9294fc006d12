import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { queryRows } from '../../database';
import { SealError, Sealer } from '../../common/secrets/sealer';
import { fit, LONGEST_CREDENTIAL, openCredentials, sealCredentials } from './credential-seals';

const BATCH = 200;

/** A row that is not sealed by the present key yet. */
const WAITS = `NOT (starts_with(merchant_client_id, $1) AND starts_with(merchant_client_secret, $1))`;

interface Row {
  readonly id: number;
  readonly external_key: string;
  readonly merchant_client_id: string;
  readonly merchant_client_secret: string;
}

/** How a rotation went: how many rows were sealed anew, and which could not be, by their ids and by why. */
export interface Rotation {
  readonly sealed: number;
  readonly failed: ReadonlyMap<string, readonly number[]>;
}

/** Seals all merchants' credentials by the present APP_KEY. It may be stopped anywhere, and goes on where it was. */
@Injectable()
export class KeyRotation {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly sealer: Sealer,
  ) {}

  /** The id of the key that seals now. */
  get keyId(): string {
    return this.sealer.keyId;
  }

  /** How many rows are not sealed by the present key. */
  async count(): Promise<number> {
    const [row] = await queryRows<{ count: number }>(
      this.dataSource,
      `SELECT count(*) AS count FROM installations WHERE ${WAITS}`,
      [this.sealer.prefix],
    );
    return row?.count ?? 0;
  }

  /**
   * Goes through the rows, oldest first. Credentials that change meanwhile are not overwritten: whoever changes them
   * seals them, and if that was by another key, the next run finds them.
   *
   * @param onDone hears of each batch how many rows have been looked at.
   */
  async run(stop: AbortSignal, onDone: (count: number) => void): Promise<Rotation> {
    const failed = new Map<string, number[]>();
    let sealed = 0;
    let after = 0;
    while (!stop.aborted) {
      const rows = await this.select(after);
      if (rows.length === 0) break;
      sealed += await this.seal(rows, (why, id) => failed.set(why, [...(failed.get(why) ?? []), id]));
      onDone(rows.length);
      after = rows.at(-1)?.id ?? after;
    }
    return { sealed, failed };
  }

  private select(after: number): Promise<Row[]> {
    return queryRows<Row>(
      this.dataSource,
      `SELECT id, external_key, merchant_client_id, merchant_client_secret FROM installations
       WHERE id > $2 AND ${WAITS} ORDER BY id LIMIT ${BATCH}`,
      [this.sealer.prefix, after],
    );
  }

  private async seal(rows: readonly Row[], fail: (why: string, id: number) => void): Promise<number> {
    const changes = rows.flatMap((row) => {
      const sealed = this.sealedAnew(row);
      if (typeof sealed !== 'string') return [{ row, sealed }];
      fail(sealed, row.id);
      return [];
    });
    // Locked in one order, so that two runs at once don't wait for each other in a circle; compared with what was
    // read, so that what changed meanwhile stays.
    const saved = await queryRows<object>(
      this.dataSource,
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

  /** @returns the row's credentials under the present key, or why there are none. */
  private sealedAnew(row: Row): ReturnType<typeof sealCredentials> | string {
    const { external_key: externalKey, merchant_client_id: id, merchant_client_secret: secret } = row;
    try {
      const stored = { merchantClientId: id, merchantClientSecret: secret };
      const credentials = openCredentials(this.sealer, externalKey, stored);
      if (!fit(credentials)) return `not sealed, and too long to be: more than ${LONGEST_CREDENTIAL} bytes`;
      return sealCredentials(this.sealer, externalKey, credentials);
    } catch (error) {
      if (error instanceof SealError) return error.message;
      throw error;
    }
  }
}
