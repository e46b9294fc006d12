import { Injectable } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { InjectDataSource, InjectRepository } from '@nestjs/typeorm';
import { DataSource, Repository } from 'typeorm';
import { PAYMENT_METHODS, type PaymentMethod } from '../appmax';
import { isoTime, type Page, pageOf } from '../common/listing/page';
import { Instant, RowId } from '../common/openapi/fields';
import { Cents, Text } from '../common/validation/validators';
import { queryRows } from '../database';
import { InstallationList } from '../installations';
import { orderNotFound } from './errors';
import { Order } from './order.entity';
import { CustomerId, OrderId, Status } from './order-fields';
import { countStatement, type ListedOrder, type OrderListRequest, pageStatement } from './order-search';
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

  @ApiProperty({
    description: "The shop's own name for the sale; null without a checkout session that has one.",
    type: 'string',
    nullable: true,
    example: null,
  })
  reference: string | null;

  @ApiProperty({
    description: 'The id of its checkout session; null without one.',
    type: 'string',
    nullable: true,
    example: null,
  })
  session_id: string | null;

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
    const scope = await this.scopeOf(request, shop);
    if (scope === undefined) return { data: [], next_cursor: null };
    const { sql, parameters } = pageStatement(request, scope.installationId);
    const rows = await queryRows<ListedOrder>(this.dataSource, sql, parameters);
    const keys = await this.installations.externalKeys(rows.map((row) => row.installation_id));
    return pageOf(rows, request, (order) => toSummary(order, keys));
  }

  /**
   * Counts the orders of a list.
   *
   * @param maximum the number at which the count stops.
   */
  async count(request: OrderListRequest, maximum: number, shop?: string): Promise<number> {
    const scope = await this.scopeOf(request, shop);
    if (scope === undefined) return 0;
    const { sql, parameters } = countStatement(request, scope.installationId, maximum);
    const [row] = await queryRows<{ count: number }>(this.dataSource, sql, parameters);
    return row?.count ?? 0;
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
    const { sql, parameters } = pageStatement({ order_id: order.appmaxOrderId, limit: 1 }, undefined);
    const [row] = await queryRows<ListedOrder>(this.dataSource, sql, parameters);
    if (row === undefined) throw orderNotFound();
    const summary = toSummary(row, await this.installations.externalKeys([row.installation_id]));
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

  /** Finds the installation of a list. @returns undefined if the list is empty for this caller. */
  private async scopeOf(
    { external_key: externalKey }: OrderListRequest,
    shop: string | undefined,
  ): Promise<{ installationId: number | undefined } | undefined> {
    const key = externalKey ?? shop;
    if (key === undefined) return { installationId: undefined };
    if (shop !== undefined && key !== shop) return undefined;
    const installationId = await this.installations.idOf(key);
    return installationId === undefined ? undefined : { installationId };
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
