import { Injectable } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { InjectDataSource, InjectRepository } from '@nestjs/typeorm';
import { DataSource, Repository } from 'typeorm';
import { PAYMENT_METHODS, type PaymentMethod } from '../appmax';
import { Conditions, olderThan } from '../common/listing/conditions';
import { isoTime, type Page, pageOf, type PageRequest, rowsToRead } from '../common/listing/page';
import { Instant, RowId } from '../common/openapi/fields';
import { Cents, Text } from '../common/validation/validators';
import { queryRows } from '../database';
import { InstallationList } from '../installations';
import { orderNotFound } from './errors';
import { Order } from './order.entity';
import { CustomerId, OrderId, Status } from './order-fields';
import { parseOrderId } from './status/order-status-reader';

export { PAYMENT_METHODS };

/** An order in a list. `order_id` and `customer_id` are the ids at Appmax. */
export class OrderSummary {
  @RowId()
  id: number;

  @OrderId()
  order_id: number;

  @CustomerId()
  customer_id: number;

  @Text(255, { description: "The merchant's key.", example: 'shop-42' })
  external_key: string;

  @Status()
  status: string;

  @ApiProperty({
    description: 'The method of the last payment that was tried; null if there is none.',
    type: 'string',
    enum: PAYMENT_METHODS,
    nullable: true,
    example: 'pix',
  })
  payment_method: PaymentMethod | null;

  @Cents({ description: 'Products plus shipping minus the discount.', example: 15990 })
  total_cents: number;

  @Instant('When it was created.', { nullable: true })
  created_at: string | null;

  @Instant('When it last changed.', { nullable: true })
  updated_at: string | null;
}

/** An order as operators see it: without the upsell hash, which can charge the shopper's card. */
export class OrderDetail extends OrderSummary {
  @ApiProperty({
    description: 'The QR code of its Pix: a PNG in base64.',
    type: 'string',
    nullable: true,
    example: null,
  })
  pix_qr_code: string | null;

  @ApiProperty({ description: 'The Pix as text to copy.', type: 'string', nullable: true, example: null })
  pix_emv: string | null;

  @ApiProperty({
    description: 'The address of its boleto as a PDF.',
    type: 'string',
    nullable: true,
    example: null,
  })
  boleto_pdf_url: string | null;

  @ApiProperty({ description: 'The digits of its boleto.', type: 'string', nullable: true, example: null })
  boleto_digitavel: string | null;
}

/** The filters of the list. `from` (inclusive) and `to` (exclusive) apply to created_at. */
export interface OrderListRequest extends PageRequest {
  readonly external_key?: string | undefined;
  readonly status?: string | undefined;
  readonly payment_method?: PaymentMethod | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

/** A row of the list. It has no codes: the image of one Pix is as large as a hundred rows. */
type ListedOrder = Omit<OrderSummary, 'external_key' | 'created_at' | 'updated_at'> & {
  readonly installation_id: number;
  readonly created_at: Date | null;
  readonly updated_at: Date | null;
};

const COLUMNS = `id, appmax_order_id AS order_id, appmax_customer_id AS customer_id, installation_id, status,
  payment_method, total_cents, created_at, updated_at`;

/** Lists orders for operators. */
@Injectable()
export class OrderList {
  constructor(
    @InjectRepository(Order) private readonly orders: Repository<Order>,
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly installations: InstallationList,
  ) {}

  /**
   * Returns a page of orders, newest first; an empty one if the external_key is not installed.
   *
   * @param shop the only shop whose orders are listed; undefined: all.
   */
  async list(request: OrderListRequest, shop?: string): Promise<Page<OrderSummary>> {
    const { external_key: externalKey = shop } = request;
    if (shop !== undefined && externalKey !== shop) return { data: [], next_cursor: null };
    const installationId =
      externalKey === undefined ? undefined : ((await this.installations.idOf(externalKey)) ?? 0);
    const rows = await this.read(request, installationId);
    const keys = await this.installations.externalKeys(rows.map((row) => row.installation_id));
    return pageOf(rows, request, (order) => toSummary(order, keys));
  }

  /**
   * Returns one order.
   *
   * @param orderId the text of the path.
   * @param shop the only shop whose orders are found; undefined: all.
   * @throws ApiError 400 `invalid order_id`, 404 `order not found`.
   */
  async detail(orderId: string, shop?: string): Promise<OrderDetail> {
    const order = await this.orders.findOneBy({ appmaxOrderId: parseOrderId(orderId) });
    if (order === null) throw orderNotFound();
    const summary = toSummary(listed(order), await this.installations.externalKeys([order.installationId]));
    if (shop !== undefined && summary.external_key !== shop) throw orderNotFound();
    const { pixQrCode, pixEmv, boletoPdfUrl, boletoDigitavel } = order;
    return {
      ...summary,
      pix_qr_code: pixQrCode,
      pix_emv: pixEmv,
      boleto_pdf_url: boletoPdfUrl,
      boleto_digitavel: boletoDigitavel,
    };
  }

  private read(request: OrderListRequest, installationId: number | undefined): Promise<ListedOrder[]> {
    const conditions = new Conditions()
      .where(installationId, (value) => `installation_id = ${value}`)
      .where(request.status, (value) => `status = ${value}`)
      .where(request.payment_method, (value) => `payment_method = ${value}`)
      .where(request.from, (value) => `created_at >= ${value}`)
      .where(request.to, (value) => `created_at < ${value}`)
      .where(request.cursor, (value) => olderThan('orders', value));
    return queryRows<ListedOrder>(
      this.dataSource,
      `SELECT ${COLUMNS} FROM orders ${conditions.sql}
       ORDER BY created_at DESC, id DESC LIMIT ${rowsToRead(request)}`,
      conditions.parameters,
    );
  }
}

function toSummary(
  { installation_id: installationId, ...order }: ListedOrder,
  externalKeys: ReadonlyMap<number, string>,
): OrderSummary {
  return {
    ...order,
    external_key: externalKeys.get(installationId) ?? '',
    created_at: isoTime(order.created_at),
    updated_at: isoTime(order.updated_at),
  };
}

function listed(order: Order): ListedOrder {
  const { id, installationId, appmaxOrderId, appmaxCustomerId, status, paymentMethod, totalCents } = order;
  return {
    id,
    order_id: appmaxOrderId,
    customer_id: appmaxCustomerId,
    installation_id: installationId,
    status,
    payment_method: paymentMethod,
    total_cents: totalCents,
    created_at: order.createdAt,
    updated_at: order.updatedAt,
  };
}
