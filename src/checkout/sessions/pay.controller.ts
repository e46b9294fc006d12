import type { Readable } from 'node:stream';
import { Body, Controller, Get, Header, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Access, LimitedAs } from '../../common/access/access.decorator';
import { CallerAddress } from '../../common/http/client-address';
import { Operation } from '../../common/openapi/operation';
import type { Tag } from '../../common/openapi/tags';
import { Idempotent, IdenticalBodies } from '../../idempotency';
import { LastEventId, StatusFeed } from '../../orders';
import { InstallmentAnswer } from '../answers';
import { SESSION_BODIES } from './dto/examples';
import { PaySessionByCardDto, PaySessionByCodeDto } from './dto/pay-session.dto';
import { SESSION_REFUSALS } from './errors';
import {
  SessionBoletoAnswer,
  SessionCardAnswer,
  SessionPixAnswer,
  SessionStatusAnswer,
  SessionViewAnswer,
} from './page-answers';
import { SessionPaymentsService } from './session-payments.service';
import { SessionViewService } from './session-view.service';

/** The routes that the payment page of a session calls. The unguessable id of the session is the caller's proof. */
@Controller('pay/:session')
@Idempotent()
@Access('public')
@LimitedAs('storefront')
@ApiParam({
  name: 'session',
  description: 'The id of the session.',
  schema: { type: 'string', maxLength: 64 },
})
@ApiTags('Checkout sessions' satisfies Tag)
export class PayController {
  constructor(
    private readonly views: SessionViewService,
    private readonly payments: SessionPaymentsService,
    private readonly feed: StatusFeed,
  ) {}

  @Get('view')
  @Header('Cache-Control', 'no-store')
  @Operation({
    id: 'viewSession',
    summary: 'Get what the payment page shows',
    answer: SessionViewAnswer,
    refusals: SESSION_REFUSALS.view,
  })
  view(@Param('session') session: string): Promise<SessionViewAnswer> {
    return this.views.view(session);
  }

  @Get('status')
  @Header('Cache-Control', 'no-store')
  @Operation({
    id: 'getSessionStatus',
    summary: "Get a session's status",
    answer: SessionStatusAnswer,
    refusals: SESSION_REFUSALS.view,
  })
  status(@Param('session') session: string): Promise<SessionStatusAnswer> {
    return this.views.status(session);
  }

  @Get('installments')
  @Operation({
    id: 'listSessionInstallments',
    summary: 'List the prices of a session in installments',
    answer: [InstallmentAnswer],
    answerText: 'Sorted by the number of installments, ascending.',
    refusals: SESSION_REFUSALS.installments,
  })
  installments(@Param('session') session: string): Promise<InstallmentAnswer[]> {
    return this.views.installments(session);
  }

  @Post('credit-card')
  @IdenticalBodies('replay')
  @LimitedAs('payment')
  @HttpCode(200)
  @Operation({
    id: 'paySessionByCard',
    summary: 'Pay a session by credit card',
    answer: SessionCardAnswer,
    body: PaySessionByCardDto,
    bodies: SESSION_BODIES.card,
    refusals: SESSION_REFUSALS.payByCard,
  })
  payByCard(
    @Param('session') session: string,
    @Body() body: PaySessionByCardDto,
    @CallerAddress() callerIp: string,
  ): Promise<SessionCardAnswer> {
    return this.payments.payByCard({ session, body, callerIp });
  }

  @Post('pix')
  @IdenticalBodies('resume')
  @LimitedAs('payment')
  @HttpCode(200)
  @Operation({
    id: 'paySessionByPix',
    summary: 'Pay a session by Pix',
    description: 'Creates a Pix for the shopper to pay, or returns the open one.',
    answer: SessionPixAnswer,
    body: PaySessionByCodeDto,
    bodies: SESSION_BODIES.code,
    refusals: SESSION_REFUSALS.pay,
  })
  payByPix(
    @Param('session') session: string,
    @Body() body: PaySessionByCodeDto,
    @CallerAddress() callerIp: string,
  ): Promise<SessionPixAnswer> {
    return this.payments.payByPix({ session, body, callerIp });
  }

  @Post('boleto')
  @IdenticalBodies('resume')
  @LimitedAs('payment')
  @HttpCode(200)
  @Operation({
    id: 'paySessionByBoleto',
    summary: 'Pay a session by boleto',
    description: 'Creates a boleto for the shopper to pay, or returns the open one.',
    answer: SessionBoletoAnswer,
    body: PaySessionByCodeDto,
    bodies: SESSION_BODIES.code,
    refusals: SESSION_REFUSALS.pay,
  })
  payByBoleto(
    @Param('session') session: string,
    @Body() body: PaySessionByCodeDto,
    @CallerAddress() callerIp: string,
  ): Promise<SessionBoletoAnswer> {
    return this.payments.payByBoleto({ session, body, callerIp });
  }

  @Get('stream')
  @Header('Content-Type', 'text/event-stream; charset=utf-8')
  @Header('Cache-Control', 'no-cache, no-transform')
  @Header('X-Accel-Buffering', 'no')
  @Operation({
    id: 'streamSession',
    summary: "Stream the status of a session's order and its changes",
    description:
      'Server-sent events as of an order. 404 before the first payment. If another order replaces this one, open the stream again.',
    answerText: 'A stream that the server does not end.',
    texts: ['text/event-stream'],
    refusals: SESSION_REFUSALS.stream,
  })
  async stream(
    @Param('session') session: string,
    @CallerAddress() address: string,
    @Res({ passthrough: true }) { raw: response }: FastifyReply,
    @LastEventId() lastEventId?: string,
  ): Promise<Readable> {
    const order = await this.views.streamedOrder(session);
    return this.feed.stream({ ...order, address, response, lastEventId });
  }
}
