import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

/** A webhook as received. Written once; then only `processed`, `processedAt` and `errorMessage` change. */
@Entity('webhook_events')
@Index('webhook_events_one_per_event_and_order', ['appmaxOrderId', 'event'], {
  unique: true,
  where: 'error_message IS NULL',
})
@Index('webhook_events_unprocessed', ['id'], { where: 'NOT processed' })
@Index('webhook_events_of_order', ['appmaxOrderId', 'createdAt', 'id'])
@Index('webhook_events_by_name', ['event', 'createdAt', 'id'])
@Index('webhook_events_by_time', ['createdAt', 'id'])
@Index('webhook_events_not_applied', ['createdAt', 'id'], { where: 'error_message IS NOT NULL' })
export class WebhookEvent {
  @PrimaryGeneratedColumn({ type: 'bigint', primaryKeyConstraintName: 'webhook_events_pkey' })
  id: number;

  @Column({ type: 'varchar', length: 64 })
  event: string;

  @Column({ name: 'event_type', type: 'varchar', length: 32 })
  eventType: string;

  @Column({ name: 'appmax_order_id', type: 'integer', nullable: true })
  appmaxOrderId: number | null;

  @Column({ type: 'json' })
  payload: unknown;

  @Column({ type: 'boolean', default: false })
  processed: boolean;

  @Column({ name: 'processed_at', type: 'timestamp', nullable: true })
  processedAt: Date | null;

  /** The reason why the event was not applied: it repeats another event, or it was set aside. */
  @Column({ name: 'error_message', type: 'text', nullable: true })
  errorMessage: string | null;

  @Column({ name: 'created_at', type: 'timestamp', nullable: true, default: () => 'now()' })
  createdAt: Date | null;
}
