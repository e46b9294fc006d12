import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { CONFIG, type Config } from '../../config';
import { queryRows, SchemaState } from '../../database';
import { EndpointSecrets } from './endpoint-secrets';
import { OVERLAP_HOURS } from './endpoints.service';

/** Serves as key of the lock of the endpoint of the environment, which may have no row yet. */
const LOCK = 'appmax-checkout notification endpoint of the environment';

/**
 * Makes the endpoint of NOTIFY_URL and NOTIFY_SECRET at start, changes it if the variables have changed, and deletes it
 * if they are not set any more. Only instances with background work do so.
 */
@Injectable()
export class EnvironmentEndpoint implements OnApplicationBootstrap {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly secrets: EndpointSecrets,
    private readonly schema: SchemaState,
  ) {}

  onApplicationBootstrap(): void {
    // A command may run without the variables: it must not delete the endpoint.
    if (!this.config.backgroundWork) return;
    this.schema.whenReady(() => {
      this.save().catch((error: unknown) => {
        new Logger('Notifications').error(error, 'The endpoint of NOTIFY_URL could not be saved');
      });
    });
  }

  private async save(): Promise<void> {
    const { endpoint } = this.config.notifications;
    await this.dataSource.transaction(async (manager) => {
      await queryRows(manager, 'SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [LOCK]);
      const [row] = await queryRows<{ id: number; url: string; secret: string }>(
        manager,
        `SELECT id, url, secret FROM notification_endpoints WHERE is_from_environment AND deleted_at IS NULL
         FOR NO KEY UPDATE`,
      );
      if (endpoint === undefined) {
        const sql = 'UPDATE notification_endpoints SET deleted_at = clock_timestamp() WHERE id = $1';
        if (row !== undefined) await queryRows(manager, sql, [row.id]);
        return;
      }
      if (row === undefined) {
        const [next] = await queryRows<{ id: number }>(
          manager,
          "SELECT nextval('notification_endpoints_id_seq') AS id",
        );
        await queryRows(
          manager,
          `INSERT INTO notification_endpoints (id, url, secret, is_from_environment) VALUES ($1, $2, $3, true)`,
          [next?.id, endpoint.url, this.secrets.seal(next?.id ?? 0, endpoint.secret)],
        );
        return;
      }
      const [before] = this.secrets.open(row.id, [row.secret]);
      if (row.url === endpoint.url && before === endpoint.secret) return;
      // The previous secret signs for a day, too, so that the receiver can change its own at another time.
      await queryRows(
        manager,
        `UPDATE notification_endpoints SET url = $2,
           previous_secret = CASE WHEN $4::boolean THEN secret ELSE previous_secret END,
           previous_secret_expires_at = CASE WHEN $4::boolean THEN clock_timestamp() + interval '${OVERLAP_HOURS} hours'
             ELSE previous_secret_expires_at END,
           secret = CASE WHEN $4::boolean THEN $3::text ELSE secret END
         WHERE id = $1`,
        [row.id, endpoint.url, this.secrets.seal(row.id, endpoint.secret), before !== endpoint.secret],
      );
    });
  }
}
