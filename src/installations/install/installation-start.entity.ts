import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An installation that was started here and is not finished. */
@Entity('installation_starts')
export class InstallationStart {
  @PrimaryColumn({
    name: 'external_key',
    type: 'varchar',
    length: 255,
    primaryKeyConstraintName: 'installation_starts_pkey',
  })
  externalKey: string;

  @Column({ name: 'external_id', type: 'uuid' })
  externalId: string;

  @Column({ name: 'started_at', type: 'timestamp', default: () => 'now()' })
  startedAt: Date;

  /** Whether a holder of a secret key started it: then it may replace an installation that is there. */
  @Column({ name: 'authorised', type: 'boolean', default: false })
  authorised: boolean;

  /** Set while we wait for Appmax's credentials, which it gives only once its health check has been answered. */
  @Column({ name: 'generating_until', type: 'timestamp', nullable: true })
  generatingUntil: Date | null;
}
