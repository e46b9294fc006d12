import { Body, Controller, Get, HttpCode, Ip, Param, Post } from '@nestjs/common';
import { Access } from '../common/access/access.decorator';
import { CheckoutService, type BoletoAnswer, type CardAnswer, type PixAnswer } from './checkout.service';
import { CreateOrderDto } from './dto/order.dto';
import { PayByBoletoDto, PayByCardDto, PayByPixDto } from './dto/pay.dto';

/** What a shop calls to sell. */
@Controller('checkout/:key')
@Access('storefront')
export class CheckoutController {
  constructor(private readonly checkout: CheckoutService) {}

  @Post('order')
  @HttpCode(200)
  createOrder(
    @Param('key') key: string,
    @Body() body: CreateOrderDto,
    @Ip() callerIp: string,
  ): Promise<{ customer_id: number; order_id: number }> {
    return this.checkout.createOrder({ key, body, callerIp });
  }

  @Post('pay/credit-card')
  @HttpCode(200)
  payByCard(
    @Param('key') key: string,
    @Body() body: PayByCardDto,
    @Ip() callerIp: string,
  ): Promise<CardAnswer> {
    return this.checkout.payByCard({ key, body, callerIp });
  }

  @Post('pay/pix')
  @HttpCode(200)
  payByPix(@Param('key') key: string, @Body() body: PayByPixDto, @Ip() callerIp: string): Promise<PixAnswer> {
    return this.checkout.payByPix({ key, body, callerIp });
  }

  @Post('pay/boleto')
  @HttpCode(200)
  payByBoleto(
    @Param('key') key: string,
    @Body() body: PayByBoletoDto,
    @Ip() callerIp: string,
  ): Promise<BoletoAnswer> {
    return this.checkout.payByBoleto({ key, body, callerIp });
  }

  @Get('status/:order_id')
  status(@Param('key') key: string, @Param('order_id') orderId: string): Promise<{ status: string }> {
    return this.checkout.status(key, orderId);
  }
}
