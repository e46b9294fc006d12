import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { Access } from '../common/access/access.decorator';
import { QueryText } from '../common/http/query-text';
import { AfterSalesService } from './after-sales.service';
import { CardsService, type ConfigAnswer, type InstallmentAnswer } from './cards.service';
import { RefundDto, TrackingCodeDto, UpsellDto } from './dto/after-sale.dto';
import { TokenizeDto } from './dto/card.dto';

/** What a shop calls before and after it sells. */
@Controller('checkout/:key')
export class ShopController {
  constructor(
    private readonly cards: CardsService,
    private readonly afterSales: AfterSalesService,
  ) {}

  @Get('config')
  @Access('storefront')
  config(@Param('key') key: string): Promise<ConfigAnswer> {
    return this.cards.browserConfig(key);
  }

  @Get('installments')
  @Access('storefront')
  installments(
    @Param('key') key: string,
    @QueryText('total_value') totalValue?: string,
    @QueryText('installments') installments?: string,
  ): Promise<InstallmentAnswer[]> {
    return this.cards.installments(key, { totalValue, installments });
  }

  @Post('tokenize')
  @Access('storefront')
  @HttpCode(200)
  tokenize(@Param('key') key: string, @Body() body: TokenizeDto): Promise<{ token: string }> {
    return this.cards.tokenize(key, body);
  }

  @Post('upsell')
  @Access('storefront')
  @HttpCode(200)
  upsell(
    @Param('key') key: string,
    @Body() body: UpsellDto,
  ): Promise<{ message: string; redirect_url?: string }> {
    return this.afterSales.upsell(key, body);
  }

  @Post('refund')
  @Access('secret')
  @HttpCode(200)
  refund(@Param('key') key: string, @Body() body: RefundDto): Promise<{ message: string }> {
    return this.afterSales.refund(key, body);
  }

  @Post('tracking')
  @Access('secret')
  @HttpCode(200)
  track(@Param('key') key: string, @Body() body: TrackingCodeDto): Promise<{ message: string }> {
    return this.afterSales.track(key, body);
  }
}
