import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '../common/access/access.decorator';
import { LimitedAs } from '../common/access/limited-as.decorator';
import { QueryText } from '../common/http/query-text';
import { Operation } from '../common/openapi/operation';
import { InstallationKey } from '../common/openapi/parameters';
import type { Tag } from '../common/openapi/tags';
import { AnswerNotKept, Idempotent, IdenticalBodies } from '../idempotency';
import { AfterSalesService } from './after-sales.service';
import { ConfigAnswer, InstallmentAnswer, MessageAnswer, TokenAnswer, UpsellAnswer } from './answers';
import { CardsService } from './cards.service';
import { RefundDto, TrackingCodeDto, UpsellDto } from './dto/after-sale.dto';
import { TokenizeDto } from './dto/card.dto';
import { CHECKOUT_REFUSALS } from './errors';

/** What a shop calls before and after it sells. */
@Controller('checkout/:key')
@Idempotent()
@InstallationKey()
export class ShopController {
  constructor(
    private readonly cards: CardsService,
    private readonly afterSales: AfterSalesService,
  ) {}

  @Get('config')
  @Access('storefront')
  @ApiTags('Checkout' satisfies Tag)
  @Operation({
    id: 'getConfig',
    summary: 'What a page needs to tokenize a card',
    answer: ConfigAnswer,
    refusals: CHECKOUT_REFUSALS.config,
  })
  config(@Param('key') key: string): Promise<ConfigAnswer> {
    return this.cards.browserConfig(key);
  }

  @Get('installments')
  @Access('storefront')
  @ApiTags('Checkout' satisfies Tag)
  @Operation({
    id: 'listInstallments',
    summary: 'What a total costs in parcels',
    answer: [InstallmentAnswer],
    answerText: 'By the number of parcels, ascending.',
    refusals: CHECKOUT_REFUSALS.installments,
  })
  installments(
    @Param('key') key: string,
    @QueryText('total_value', { description: 'The total, in cents.', example: '15990', required: true })
    totalValue?: string,
    @QueryText('installments', {
      description: 'Up to how many parcels; 12 where it is no positive number.',
      example: '12',
    })
    installments?: string,
  ): Promise<InstallmentAnswer[]> {
    return this.cards.installments(key, { totalValue, installments });
  }

  @Post('tokenize')
  @Access('storefront')
  @LimitedAs('payment')
  @AnswerNotKept()
  @HttpCode(200)
  @ApiTags('Checkout' satisfies Tag)
  @Operation({
    id: 'tokenizeCard',
    summary: 'Turn a card into a token',
    description: 'Only where the service takes cards as they are typed; a browser can do it by itself.',
    answer: TokenAnswer,
    refusals: CHECKOUT_REFUSALS.tokenize,
  })
  tokenize(@Param('key') key: string, @Body() body: TokenizeDto): Promise<TokenAnswer> {
    return this.cards.tokenize(key, body);
  }

  @Post('upsell')
  @Access('storefront')
  @IdenticalBodies('replay')
  @HttpCode(200)
  @ApiTags('After the sale' satisfies Tag)
  @Operation({
    id: 'upsell',
    summary: 'Sell more on the same card',
    answer: UpsellAnswer,
    refusals: CHECKOUT_REFUSALS.upsell,
  })
  upsell(@Param('key') key: string, @Body() body: UpsellDto): Promise<UpsellAnswer> {
    return this.afterSales.upsell(key, body);
  }

  @Post('refund')
  @Access('secret')
  @HttpCode(200)
  @ApiTags('After the sale' satisfies Tag)
  @Operation({
    id: 'requestRefund',
    summary: 'Ask for a refund',
    description: "The order's status changes when Appmax says that the money went back.",
    answer: MessageAnswer,
    refusals: CHECKOUT_REFUSALS.refund,
  })
  refund(@Param('key') key: string, @Body() body: RefundDto): Promise<MessageAnswer> {
    return this.afterSales.refund(key, body);
  }

  @Post('tracking')
  @Access('secret')
  @HttpCode(200)
  @ApiTags('After the sale' satisfies Tag)
  @Operation({
    id: 'setTrackingCode',
    summary: 'Tell where the parcel is',
    answer: MessageAnswer,
    refusals: CHECKOUT_REFUSALS.tracking,
  })
  track(@Param('key') key: string, @Body() body: TrackingCodeDto): Promise<MessageAnswer> {
    return this.afterSales.track(key, body);
  }
}
