import { Injectable, Logger } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { CredentialListener } from '../../appmax';
import { LogText, logText } from '../../common/log-text';
import { queryRows } from '../../database';

/**
 * Records since when Appmax refuses the credentials of an installation: the merchant has uninstalled the app. The record
 * ends when Appmax issues a token again, and no longer counts after a new installation.
 */
@Injectable()
export class CredentialRefusals implements CredentialListener {
  private readonly logger = new Logger('Installations');

  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** Saves the time of the first refusal since the last installation, and logs it once. */
  async onCredentialsRefused(installationId: number): Promise<void> {
    try {
      const [first] = await queryRows<{ external_key: string; refused_since: Date }>(
        this.dataSource,
        `WITH first AS (
           INSERT INTO credential_refusals AS r (installation_id)
           SELECT id FROM installations WHERE id = $1
           ON CONFLICT (installation_id) DO UPDATE SET refused_since = excluded.refused_since
           WHERE r.refused_since < (SELECT installed_at FROM installations WHERE id = $1)
           RETURNING installation_id, refused_since)
         SELECT external_key, refused_since FROM first JOIN installations ON id = installation_id`,
        [installationId],
      );
      if (first === undefined) return;
      this.logger.warn(
        { installationId },
        logText`Appmax refuses the credentials of ${first.external_key} since ${new LogText(first.refused_since.toISOString())}: the merchant has uninstalled the app, and has to install it again`,
      );
    } catch (error) {
      this.logger.warn({ installationId, err: error }, 'Refused credentials could not be recorded');
    }
  }

  async onTokenIssued(installationId: number): Promise<void> {
    try {
      const ended = await queryRows<object>(
        this.dataSource,
        'DELETE FROM credential_refusals WHERE installation_id = $1 RETURNING installation_id',
        [installationId],
      );
      if (ended.length > 0) this.logger.log({ installationId }, 'Appmax accepts the credentials again');
    } catch (error) {
      this.logger.warn({ installationId, err: error }, 'Accepted credentials could not be recorded');
    }
  }

  /** Finds since when the credentials of these installations are refused. Accepted ones are missing. */
  async since(installationIds: readonly number[]): Promise<ReadonlyMap<number, Date>> {
    const rows = await queryRows<{ installation_id: number; refused_since: Date }>(
      this.dataSource,
      `SELECT r.installation_id, r.refused_since FROM credential_refusals r
       JOIN installations i ON i.id = r.installation_id AND r.refused_since >= i.installed_at
       WHERE r.installation_id = ANY($1)`,
      [[...installationIds]],
    );
    return new Map(rows.map((row) => [row.installation_id, row.refused_since]));
  }
}
