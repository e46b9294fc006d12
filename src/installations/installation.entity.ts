import { Column, Entity, PrimaryGeneratedColumn, Unique } from 'typeorm';

/** A merchant's installation of the app, with the merchant's credentials for Appmax's API. */
@Entity('installations')
@Unique('installations_external_key_key', ['externalKey'])
@Unique('installations_external_id_key', ['externalId'])
export class Installation {
  @PrimaryGeneratedColumn({ type: 'bigint', primaryKeyConstraintName: 'installations_pkey' })
  id: number;

  @Column({ name: 'external_key', type: 'varchar', length: 255 })
  externalKey: string;

  /** The app's UUID if the browser's path installed it; the app's number if Appmax's health check did. */
  @Column({ name: 'app_id', type: 'varchar', length: 255 })
  appId: string;

  @Column({ name: 'merchant_client_id', type: 'varchar', length: 512 })
  merchantClientId: string;

  @Column({ name: 'merchant_client_secret', type: 'varchar', length: 512 })
  merchantClientSecret: string;

  /** Our id of the installation. Appmax gets it from us; it never changes. */
  @Column({ name: 'external_id', type: 'uuid' })
  externalId: string;

  @Column({ name: 'installed_at', type: 'timestamp', default: () => 'now()' })
  installedAt: Date;

  @Column({ name: 'created_at', type: 'timestamp', nullable: true })
  createdAt: Date | null;

  @Column({ name: 'updated_at', type: 'timestamp', nullable: true })
  updatedAt: Date | null;
}
