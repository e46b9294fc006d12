import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiParam, ApiProperty, ApiTags } from '@nestjs/swagger';
import { AcceptsShopKeys, Access, CurrentKey, ShopOfKey } from '../common/access/access.decorator';
import type { KeyHolder } from '../common/access/key-holder';
import type { Page } from '../common/listing/page';
import { Operation } from '../common/openapi/operation';
import { PageOf } from '../common/openapi/page-of';
import type { Tag } from '../common/openapi/tags';
import { Endpoints, EndpointSummary, EndpointWithSecret, parseNotificationId } from '../notifications';
import { EndpointChangeDto, EndpointsQueryDto, NewEndpointDto } from './dto/notifications.dto';
import { ADMIN_REFUSALS } from './errors';

/** The outcome of a test event. */
export class TestedEndpoint {
  @ApiProperty({ description: 'True if the endpoint answered with a 2xx.', example: true })
  delivered: boolean;

  @ApiProperty({
    description: 'The status of the answer; null if there was none.',
    type: 'integer',
    nullable: true,
    example: 200,
  })
  status: number | null;

  @ApiProperty({ description: 'Why it was not delivered.', type: 'string', nullable: true, example: null })
  error: string | null;
}

const EndpointId = (): MethodDecorator =>
  ApiParam({
    name: 'id',
    description: 'The id of the endpoint.',
    schema: { type: 'integer', minimum: 1, examples: [42] },
  });

/** Routes by which operators manage the endpoints that notifications are sent to. */
@Controller('admin/endpoints')
@ApiTags('Notifications' satisfies Tag)
@AcceptsShopKeys()
export class EndpointsController {
  constructor(private readonly endpoints: Endpoints) {}

  @Get()
  @Access('secret', 'read')
  @Operation({
    id: 'listEndpoints',
    summary: 'Endpoints for notifications',
    answer: PageOf(EndpointSummary, 'EndpointPage'),
    refusals: ADMIN_REFUSALS.list,
  })
  list(@Query() query: EndpointsQueryDto, @ShopOfKey() shop?: string): Promise<Page<EndpointSummary>> {
    return this.endpoints.list(query, shop);
  }

  @Post()
  @HttpCode(200)
  @Access('secret', 'manage')
  @Operation({
    id: 'createEndpoint',
    summary: 'Make an endpoint',
    description: 'It gets the changes from now on. The answer has its secret; it is not shown again.',
    answer: EndpointWithSecret,
    body: NewEndpointDto,
    refusals: ADMIN_REFUSALS.newEndpoint,
  })
  create(@Body() body: NewEndpointDto, @CurrentKey() maker: KeyHolder): Promise<EndpointWithSecret> {
    const { url, external_key: shop, events } = body;
    return this.endpoints.create({ url, externalKey: shop ?? undefined, events: events ?? undefined }, maker);
  }

  @Get(':id')
  @Access('secret', 'read')
  @EndpointId()
  @Operation({
    id: 'getEndpoint',
    summary: 'One endpoint',
    answer: EndpointSummary,
    refusals: ADMIN_REFUSALS.endpoint,
  })
  get(@Param('id') id: string, @ShopOfKey() shop?: string): Promise<EndpointSummary> {
    return this.endpoints.get(parseNotificationId(id), shop);
  }

  @Patch(':id')
  @Access('secret', 'manage')
  @EndpointId()
  @Operation({
    id: 'changeEndpoint',
    summary: 'Change, disable or enable an endpoint',
    description:
      'An endpoint that is enabled gets what it has missed, in the order of each order. Other events are those of later changes; what is written already is still sent. The address of the endpoint of NOTIFY_URL is changed by the variable.',
    answer: EndpointSummary,
    body: EndpointChangeDto,
    refusals: [...ADMIN_REFUSALS.endpoint, ...ADMIN_REFUSALS.endpointChange],
  })
  change(
    @Param('id') id: string,
    @Body() { url, events, enabled }: EndpointChangeDto,
    @ShopOfKey() shop?: string,
  ): Promise<EndpointSummary> {
    const change = { url: url ?? undefined, events: events ?? undefined, enabled: enabled ?? undefined };
    return this.endpoints.change(parseNotificationId(id), change, shop);
  }

  @Delete(':id')
  @Access('secret', 'manage')
  @EndpointId()
  @Operation({
    id: 'deleteEndpoint',
    summary: 'Delete an endpoint',
    description: 'What it has not got is not sent any more.',
    answer: EndpointSummary,
    refusals: [...ADMIN_REFUSALS.endpoint, ADMIN_REFUSALS.endpointChange[1]],
  })
  delete(@Param('id') id: string, @ShopOfKey() shop?: string): Promise<EndpointSummary> {
    return this.endpoints.delete(parseNotificationId(id), shop);
  }

  @Post(':id/rotate-secret')
  @HttpCode(200)
  @Access('secret', 'manage')
  @EndpointId()
  @Operation({
    id: 'rotateEndpointSecret',
    summary: 'Give an endpoint a new secret',
    description:
      'For 24 hours notifications have two signatures, of the new and of the previous secret. The answer has the new one; it is not shown again.',
    answer: EndpointWithSecret,
    refusals: [...ADMIN_REFUSALS.endpoint, ADMIN_REFUSALS.endpointChange[1]],
  })
  rotateSecret(@Param('id') id: string, @ShopOfKey() shop?: string): Promise<EndpointWithSecret> {
    return this.endpoints.rotateSecret(parseNotificationId(id), shop);
  }

  @Post(':id/test')
  @HttpCode(200)
  @Access('secret', 'manage')
  @EndpointId()
  @Operation({
    id: 'testEndpoint',
    summary: 'Send a test event',
    description:
      'Sends an event of the type `endpoint.test` once, also to a disabled endpoint, and answers what became of it.',
    answer: TestedEndpoint,
    refusals: ADMIN_REFUSALS.endpoint,
  })
  async test(@Param('id') id: string, @ShopOfKey() shop?: string): Promise<TestedEndpoint> {
    const { isDelivered, status, error } = await this.endpoints.test(parseNotificationId(id), shop);
    return { delivered: isDelivered, status, error };
  }
}
