import { Body, Controller, HttpCode, Param, Post, UseInterceptors } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access, HoldsSecretKey, LimitedAs } from '../common/access/access.decorator';
import { CallerAddress } from '../common/http/client-address';
import { InstallationKey } from '../common/openapi/fields';
import { Operation } from '../common/openapi/operation';
import type { Tag } from '../common/openapi/tags';
import { Idempotent, IdenticalBodies } from '../idempotency';
import { BoletoAnswer, CardAnswer, OrderAnswer, PixAnswer } from './answers';
import { CheckoutService, type MadeOrderAnswer } from './checkout.service';
import { BODIES } from './dto/examples';
import { CreateOrderDto } from './dto/order.dto';
import { PayByBoletoDto, PayByCardDto, PayByPixDto } from './dto/pay.dto';
import { CHECKOUT_REFUSALS } from './errors';
import { OrderToken } from './order-token/order-token';
import { OrderTokenInterceptor } from './order-token/order-token.interceptor';

/** The storefront's routes to create orders and pay them. */
@Controller('checkout/:key')
@Idempotent()
// Below @Idempotent, so that it runs outside of it.
@UseInterceptors(OrderTokenInterceptor)
@Access('storefront')
@InstallationKey()
@ApiTags('Checkout' satisfies Tag)
export class CheckoutController {
  constructor(private readonly checkout: CheckoutService) {}

  @Post('order')
  @IdenticalBodies('replay')
  @HttpCode(200)
  @Operation({
    id: 'createOrder',
    summary: 'Create an order',
    description: 'Creates a customer and an unpaid order at Appmax.',
    answer: OrderAnswer,
    body: CreateOrderDto,
    bodies: BODIES.order,
    refusals: CHECKOUT_REFUSALS.order,
  })
  createOrder(
    @Param('key') key: string,
    @Body() body: CreateOrderDto,
    @CallerAddress() callerIp: string,
    @HoldsSecretKey() holdsSecretKey: boolean,
  ): Promise<MadeOrderAnswer> {
    return this.checkout.createOrder({ key, body, callerIp, holdsSecretKey });
  }

  @Post('pay/credit-card')
  @IdenticalBodies('replay')
  @LimitedAs('payment')
  @HttpCode(200)
  @Operation({
    id: 'payByCard',
    summary: 'Pay by credit card',
    description: 'Charges a card for an existing order. Without an `order_id`, it creates the order first.',
    answer: CardAnswer,
    body: PayByCardDto,
    bodies: BODIES.card,
    refusals: CHECKOUT_REFUSALS.payByCard,
  })
  payByCard(
    @Param('key') key: string,
    @Body() body: PayByCardDto,
    @CallerAddress() callerIp: string,
    @HoldsSecretKey() holdsSecretKey: boolean,
    @OrderToken() queryToken?: string,
  ): Promise<CardAnswer> {
    return this.checkout.payByCard({ key, body, callerIp, holdsSecretKey, queryToken });
  }

  @Post('pay/pix')
  @IdenticalBodies('resume')
  @LimitedAs('payment')
  @HttpCode(200)
  @Operation({
    id: 'payByPix',
    summary: 'Pay by Pix',
    description: 'Creates a Pix for the shopper to pay. If the order has an open Pix, it returns that one.',
    answer: PixAnswer,
    body: PayByPixDto,
    bodies: BODIES.pix,
    refusals: CHECKOUT_REFUSALS.pay,
  })
  payByPix(
    @Param('key') key: string,
    @Body() body: PayByPixDto,
    @CallerAddress() callerIp: string,
    @HoldsSecretKey() holdsSecretKey: boolean,
    @OrderToken() queryToken?: string,
  ): Promise<PixAnswer> {
    return this.checkout.payByPix({ key, body, callerIp, holdsSecretKey, queryToken });
  }

  @Post('pay/boleto')
  @IdenticalBodies('resume')
  @LimitedAs('payment')
  @HttpCode(200)
  @Operation({
    id: 'payByBoleto',
    summary: 'Pay by boleto',
    description:
      'Creates a boleto for the shopper to pay. If the order has an open boleto, it returns that one.',
    answer: BoletoAnswer,
    body: PayByBoletoDto,
    bodies: BODIES.boleto,
    refusals: CHECKOUT_REFUSALS.pay,
  })
  payByBoleto(
    @Param('key') key: string,
    @Body() body: PayByBoletoDto,
    @CallerAddress() callerIp: string,
    @HoldsSecretKey() holdsSecretKey: boolean,
    @OrderToken() queryToken?: string,
  ): Promise<BoletoAnswer> {
    return this.checkout.payByBoleto({ key, body, callerIp, holdsSecretKey, queryToken });
  }
}
