import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A start of an installation that is not finished yet. */
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

  /** True if it was started with a secret key: then it may replace an existing installation. */
  @Column({ name: 'authorised', type: 'boolean', default: false })
  authorised: boolean;
}
