import { Controller, HttpCode, Post } from '@nestjs/common';
import { Access } from '../common/access/access.decorator';
import { ReceivedBody } from '../common/http/received-body';
import { WebhooksService, type Delivery, type WebhookAnswer } from './webhooks.service';

/** Where Appmax tells what happens to orders. */
@Controller('webhooks/appmax')
export class WebhooksController {
  constructor(private readonly webhooks: WebhooksService) {}

  @Post()
  @Access('public')
  @HttpCode(200)
  receive(@ReceivedBody() delivery: Delivery): Promise<WebhookAnswer> {
    return this.webhooks.receive(delivery);
  }
}
