import { Column, Entity, ForeignKey, Index, PrimaryGeneratedColumn, Unique } from 'typeorm';
import type { PaymentMethod } from '../appmax';

export type { PaymentMethod };

/** An order that exists at Appmax, with the state of its payment. */
@Entity('orders')
@Unique('orders_appmax_order_id_key', ['appmaxOrderId'])
@Index('orders_of_installation', [
  'installationId',
  'createdAt',
  'id',
  'status',
  'paymentMethod',
  'totalCents',
])
@Index('orders_by_status', ['status', 'createdAt', 'id', 'paymentMethod', 'totalCents'])
@Index('orders_by_method', ['paymentMethod', 'createdAt', 'id', 'totalCents'])
@Index('orders_by_amount', ['totalCents', 'createdAt', 'id'])
@Index('orders_by_time', ['createdAt', 'id', 'totalCents'])
export class Order {
  @PrimaryGeneratedColumn({ type: 'bigint', primaryKeyConstraintName: 'orders_pkey' })
  id: number;

  /** The entity is referenced by name, because it belongs to another module. */
  @ForeignKey('Installation', { name: 'orders_installation_id_fkey' })
  @Column({ name: 'installation_id', type: 'bigint' })
  installationId: number;

  @Column({ name: 'appmax_customer_id', type: 'integer' })
  appmaxCustomerId: number;

  @Column({ name: 'appmax_order_id', type: 'integer' })
  appmaxOrderId: number;

  @Column({ type: 'varchar', length: 64, default: 'pendente' })
  status: string;

  @Column({ name: 'payment_method', type: 'varchar', length: 32, nullable: true })
  paymentMethod: PaymentMethod | null;

  @Column({ name: 'total_cents', type: 'integer', default: 0 })
  totalCents: number;

  /** A PNG in base64, as received from Appmax. */
  @Column({ name: 'pix_qr_code', type: 'text', nullable: true })
  pixQrCode: string | null;

  @Column({ name: 'pix_emv', type: 'text', nullable: true })
  pixEmv: string | null;

  @Column({ name: 'boleto_pdf_url', type: 'text', nullable: true })
  boletoPdfUrl: string | null;

  @Column({ name: 'boleto_digitavel', type: 'text', nullable: true })
  boletoDigitavel: string | null;

  @Column({ name: 'upsell_hash', type: 'varchar', length: 255, nullable: true })
  upsellHash: string | null;

  @Column({ name: 'created_at', type: 'timestamp', nullable: true })
  createdAt: Date | null;

  @Column({ name: 'updated_at', type: 'timestamp', nullable: true })
  updatedAt: Date | null;
}
