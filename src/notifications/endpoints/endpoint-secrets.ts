import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Sealer } from '../../common/secrets/sealer';
import { queryRows } from '../../database';

const SECRET_BYTES = 32;

interface SealedSecrets {
  readonly id: number;
  readonly secret: string;
  readonly previous_secret: string | null;
}

/**
 * The result of a rotation: the number of endpoints whose secrets were sealed, of those that were sealed with the
 * current key already, and the ids of those whose secrets no key opens.
 */
export interface SealedEndpoints {
  readonly sealed: number;
  readonly already: number;
  readonly failed: readonly number[];
}

/** Makes the secrets with which notifications are signed, and seals them for their endpoint's row. */
@Injectable()
export class EndpointSecrets {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly sealer: Sealer,
  ) {}

  /** Makes a secret in the form of Standard Webhooks. */
  make(): string {
    return `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;
  }

  seal(endpointId: number, secret: string): string {
    return this.sealer.seal(secret, contextOf(endpointId));
  }

  /** Opens sealed secrets. @returns those that a key of this instance opens. */
  open(endpointId: number, sealed: readonly (string | null)[]): string[] {
    return sealed.flatMap((text) =>
      text === null ? [] : (this.sealer.tryOpen(text, contextOf(endpointId)) ?? []),
    );
  }

  /** Seals all secrets with the current APP_KEY. */
  async resealAll(): Promise<SealedEndpoints> {
    const rows = await queryRows<SealedSecrets>(
      this.dataSource,
      'SELECT id, secret, previous_secret FROM notification_endpoints WHERE deleted_at IS NULL ORDER BY id',
    );
    const due = rows.filter(
      ({ secret, previous_secret: previous }) =>
        !this.sealer.isCurrent(secret) || (previous !== null && !this.sealer.isCurrent(previous)),
    );
    const failed: number[] = [];
    for (const row of due) if (!(await this.reseal(row))) failed.push(row.id);
    return { sealed: due.length - failed.length, already: rows.length - due.length, failed };
  }

  /** Does not overwrite secrets that were rotated meanwhile. */
  private async reseal({ id, secret, previous_secret: previous }: SealedSecrets): Promise<boolean> {
    const [current] = this.open(id, [secret]);
    if (current === undefined) return false;
    const [before] = this.open(id, [previous]);
    await queryRows(
      this.dataSource,
      `UPDATE notification_endpoints SET secret = $3, previous_secret = $4::text,
         previous_secret_expires_at = CASE WHEN $4::text IS NOT NULL THEN previous_secret_expires_at END
       WHERE id = $1 AND secret = $2`,
      [id, secret, this.seal(id, current), before === undefined ? null : this.seal(id, before)],
    );
    return true;
  }
}

/** The encryption context. Both columns have the same one: a rotation moves a secret from one to the other. */
const contextOf = (endpointId: number): readonly string[] => [
  'notification_endpoints',
  'secret',
  String(endpointId),
];
