import { Controller, HttpCode, Post, UseGuards } from '@nestjs/common';
import { ApiQuery, ApiTags } from '@nestjs/swagger';
import { Access } from '../../common/access/access.decorator';
import { invalidBody } from '../../common/errors/api-error';
import { unauthorized } from '../../common/errors/refusals';
import { ReceivedBody } from '../../common/http/server/json-body';
import { Operation } from '../../common/openapi/operation';
import type { Tag } from '../../common/openapi/tags';
import { tooManyWebhooks } from '../errors';
import { DeliveryDto, WebhookAnswer } from './delivery.dto';
import { WebhookTokenGuard } from './webhook-token.guard';
import { type Delivery, WebhooksService } from './webhooks.service';

export const WEBHOOK_PATH = 'webhooks/appmax';

/** The size limit of a webhook's body. Appmax's have a few KiB, and everyone may send one. */
export const WEBHOOK_BODY_LIMIT_BYTES = 64 * 1024;

/** The route to which Appmax sends its webhooks. */
@Controller(WEBHOOK_PATH)
@ApiTags('Webhooks' satisfies Tag)
export class WebhooksController {
  constructor(private readonly webhooks: WebhooksService) {}

  @Post()
  @Access('public')
  @UseGuards(WebhookTokenGuard)
  @HttpCode(200)
  @Operation({
    id: 'receiveWebhook',
    summary: 'Receive a webhook',
    description:
      'A webhook: Appmax calls this route when an order changes; shops do not. What is answered with 200 is stored.',
    answer: WebhookAnswer,
    body: DeliveryDto,
    refusals: [
      invalidBody([{ field: 'event', message: 'event must be a string that is not empty' }]),
      unauthorized(),
      tooManyWebhooks(),
    ],
  })
  @ApiQuery({
    name: 'token',
    required: false,
    description: 'The value of `WEBHOOK_TOKEN`, if that is set; without it the answer is 401.',
    schema: { type: 'string' },
  })
  receive(@ReceivedBody() delivery: Delivery): Promise<WebhookAnswer> {
    return this.webhooks.receive(delivery);
  }
}
