import { Injectable } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository, type SelectQueryBuilder } from 'typeorm';
import { isoTime, pageOf, rowsToRead, type Page, type PageRequest } from '../common/listing/page';
import { Instant, RowId } from '../common/openapi/properties';
import { Cents, Text } from '../common/validation/validators';
import { InstallationList } from '../installations';
import { CustomerId, OrderId, Status } from './order-fields';
import { PAYMENT_METHODS, type PaymentMethod } from '../appmax';
import { Order } from './order.entity';
import { parseOrderId } from './orders.service';
import { orderNotFound } from './errors';

export { PAYMENT_METHODS };

/** An order in a list. `order_id` and `customer_id` are Appmax's. */
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
    description: 'How a payment was last tried; null before any was.',
    type: 'string',
    enum: PAYMENT_METHODS,
    nullable: true,
    example: 'pix',
  })
  payment_method: PaymentMethod | null;

  @Cents({ description: 'Products and shipping less the discount.', example: 15990 })
  total_cents: number;

  @Instant('When it was made.', { nullable: true })
  created_at: string | null;

  @Instant('When it last changed.', { nullable: true })
  updated_at: string | null;
}

/** All of an order that an operator may see: not its upsell hash, which is as good as the shopper's card. */
export class OrderDetail extends OrderSummary {
  @ApiProperty({
    description: 'The picture of its Pix, in base64.',
    type: 'string',
    nullable: true,
    example: null,
  })
  pix_qr_code: string | null;

  @ApiProperty({ description: 'The text of its Pix.', type: 'string', nullable: true, example: null })
  pix_emv: string | null;

  @ApiProperty({ description: 'Its boleto as a PDF.', type: 'string', nullable: true, example: null })
  boleto_pdf_url: string | null;

  @ApiProperty({ description: "Its boleto's line of digits.", type: 'string', nullable: true, example: null })
  boleto_digitavel: string | null;
}

/** `from` is the first instant of created_at that counts, `to` the first that doesn't. */
export interface OrderListRequest extends PageRequest {
  readonly external_key?: string | undefined;
  readonly status?: string | undefined;
  readonly payment_method?: PaymentMethod | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

/** The columns of a list: an image of a Pix is worth a hundred rows of it. */
const LISTED = [
  'id',
  'installationId',
  'appmaxOrderId',
  'appmaxCustomerId',
  'status',
  'paymentMethod',
  'totalCents',
  'createdAt',
  'updatedAt',
].map((column) => `o.${column}`);

/** What comes after the row that a cursor names; a row never changes its place. */
const OLDER = '(o.createdAt, o.id) < ((SELECT created_at FROM orders WHERE id = :cursor), :cursor)';

/** The orders for an operator to look through. */
@Injectable()
export class OrderList {
  constructor(
    @InjectRepository(Order) private readonly orders: Repository<Order>,
    private readonly installations: InstallationList,
  ) {}

  /** Newest first. An external_key that nobody has installed has no orders. */
  async list(request: OrderListRequest): Promise<Page<OrderSummary>> {
    const { external_key: externalKey } = request;
    const installationId =
      externalKey === undefined ? undefined : ((await this.installations.idOf(externalKey)) ?? 0);
    const rows = await this.query(request, installationId).getMany();
    const keys = await this.installations.externalKeys(rows.map((row) => row.installationId));
    return pageOf(rows, request, (order) => toSummary(order, keys));
  }

  /**
   * @param orderId as it stands in the path.
   * @throws ApiError 400 `invalid order_id`, 404 `order not found`.
   */
  async detail(orderId: string): Promise<OrderDetail> {
    const order = await this.orders.findOneBy({ appmaxOrderId: parseOrderId(orderId) });
    if (order === null) throw orderNotFound();
    const { pixQrCode, pixEmv, boletoPdfUrl, boletoDigitavel } = order;
    return {
      ...toSummary(order, await this.installations.externalKeys([order.installationId])),
      pix_qr_code: pixQrCode,
      pix_emv: pixEmv,
      boleto_pdf_url: boletoPdfUrl,
      boleto_digitavel: boletoDigitavel,
    };
  }

  private query(request: OrderListRequest, installationId: number | undefined): SelectQueryBuilder<Order> {
    const { status, payment_method: paymentMethod, from, to, cursor } = request;
    const query = this.orders
      .createQueryBuilder('o')
      .select(LISTED)
      .orderBy('o.createdAt', 'DESC')
      .addOrderBy('o.id', 'DESC')
      .limit(rowsToRead(request));
    if (installationId !== undefined)
      query.andWhere('o.installationId = :installationId', { installationId });
    if (status !== undefined) query.andWhere('o.status = :status', { status });
    if (paymentMethod !== undefined) query.andWhere('o.paymentMethod = :paymentMethod', { paymentMethod });
    if (from !== undefined) query.andWhere('o.createdAt >= :from', { from });
    if (to !== undefined) query.andWhere('o.createdAt < :to', { to });
    if (cursor !== undefined) query.andWhere(OLDER, { cursor });
    return query;
  }
}

function toSummary(order: Order, externalKeys: ReadonlyMap<number, string>): OrderSummary {
  const { id, installationId, appmaxOrderId, appmaxCustomerId, status, paymentMethod, totalCents } = order;
  return {
    id,
    order_id: appmaxOrderId,
    customer_id: appmaxCustomerId,
    external_key: externalKeys.get(installationId) ?? '',
    status,
    payment_method: paymentMethod,
    total_cents: totalCents,
    created_at: isoTime(order.createdAt),
    updated_at: isoTime(order.updatedAt),
  };
}
