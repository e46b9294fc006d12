import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access, HoldsSecretKey, LimitedAs } from '../common/access/access.decorator';
import { QueryText } from '../common/http/query-text';
import { InstallationKey } from '../common/openapi/fields';
import { Operation } from '../common/openapi/operation';
import type { Tag } from '../common/openapi/tags';
import { AnswerNotKept, Idempotent, IdenticalBodies } from '../idempotency';
import { AfterSalesService } from './after-sales.service';
import { ConfigAnswer, InstallmentAnswer, MessageAnswer, TokenAnswer, UpsellAnswer } from './answers';
import { CardsService } from './cards/cards.service';
import { RefundDto, TrackingCodeDto, UpsellDto } from './dto/after-sale.dto';
import { TokenizeDto } from './dto/card.dto';
import { CHECKOUT_REFUSALS } from './errors';

/** The routes that a shop calls before and after a sale. */
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
    summary: 'Get the configuration to tokenize cards in the browser',
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
    summary: 'List the prices of a total in installments',
    description:
      'Appmax never adds the interest to an order: an order that is paid in installments is charged as it was made. ' +
      'To sell with interest, make the order with `products_value` = `total_value` of the chosen plan − ' +
      '`shipping_value` + `discount_value`; ask for the plans with `total_value` = products + shipping − discount.',
    answer: [InstallmentAnswer],
    answerText: 'Sorted by the number of installments, ascending.',
    refusals: CHECKOUT_REFUSALS.installments,
  })
  installments(
    @Param('key') key: string,
    @QueryText('total_value', { description: 'The total, in cents.', example: '15990', required: true })
    totalValue?: string,
    @QueryText('installments', {
      description: 'The maximum number of installments, at most 12. Default, also for an invalid value: 12.',
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
    summary: 'Tokenize a card',
    description:
      "Only if the service accepts raw card data. Appmax's browser script does the same in the browser.",
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
    summary: 'Charge an upsell to the same card',
    answer: UpsellAnswer,
    refusals: CHECKOUT_REFUSALS.upsell,
  })
  upsell(
    @Param('key') key: string,
    @Body() body: UpsellDto,
    @HoldsSecretKey() holdsSecretKey: boolean,
  ): Promise<UpsellAnswer> {
    return this.afterSales.upsell(key, body, holdsSecretKey);
  }

  @Post('refund')
  @Access('secret', 'operate')
  @HttpCode(200)
  @ApiTags('After the sale' satisfies Tag)
  @Operation({
    id: 'requestRefund',
    summary: 'Request a refund',
    description: "The order's status changes later, when Appmax reports that the money was refunded.",
    answer: MessageAnswer,
    refusals: CHECKOUT_REFUSALS.refund,
  })
  refund(@Param('key') key: string, @Body() body: RefundDto): Promise<MessageAnswer> {
    return this.afterSales.refund(key, body);
  }

  @Post('tracking')
  @Access('secret', 'operate')
  @HttpCode(200)
  @ApiTags('After the sale' satisfies Tag)
  @Operation({
    id: 'setTrackingCode',
    summary: 'Set the tracking code of an order',
    answer: MessageAnswer,
    refusals: CHECKOUT_REFUSALS.tracking,
  })
  track(@Param('key') key: string, @Body() body: TrackingCodeDto): Promise<MessageAnswer> {
    return this.afterSales.track(key, body);
  }
}
