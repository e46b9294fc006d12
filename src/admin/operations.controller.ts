import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import { AcceptsShopKeys, Access, CurrentKey, ShopOfKey } from '../common/access/access.decorator';
import type { KeyHolder } from '../common/access/key-holder';
import type { Page } from '../common/listing/page';
import { Operation } from '../common/openapi/operation';
import { PageOf } from '../common/openapi/page-of';
import type { Tag } from '../common/openapi/tags';
import { INT32_MAX, OneOf, Text } from '../common/validation/validators';
import { invalidOperationId, OperationList, OperationSummary } from '../payments';
import { OperationsQueryDto } from './dto/queries.dto';
import { ADMIN_REFUSALS } from './errors';

/** The outcome of an operation as an operator has determined it. */
export class ResolutionDto {
  @OneOf(['done', 'not_done'], {
    description: '`done` if Appmax carried out the operation, else `not_done`.',
    example: 'not_done',
  })
  outcome: 'done' | 'not_done';

  @Text(1000, {
    description: 'How the outcome was determined; stored with the operation.',
    example: 'Not in the Appmax panel',
  })
  note: string;
}

const OperationId = (): MethodDecorator =>
  ApiParam({
    name: 'id',
    description: 'The id of the operation in this service.',
    schema: { type: 'integer', minimum: 1, examples: [42] },
  });

/** Routes by which operators read money operations and settle those with an unknown outcome. */
@Controller('admin/operations')
@ApiTags('Administration' satisfies Tag)
@AcceptsShopKeys()
export class OperationsController {
  constructor(private readonly operations: OperationList) {}

  @Get()
  @Access('secret', 'read')
  @Operation({
    id: 'listOperations',
    summary: 'Money operations',
    description:
      '`state=unknown` lists operations whose answer was lost and that wait for evidence or for an operator.',
    answer: PageOf(OperationSummary, 'OperationPage'),
    refusals: ADMIN_REFUSALS.list,
  })
  list(@Query() query: OperationsQueryDto, @ShopOfKey() shop?: string): Promise<Page<OperationSummary>> {
    return this.operations.list(query, shop);
  }

  @Get(':id')
  @Access('secret', 'read')
  @OperationId()
  @Operation({
    id: 'getOperation',
    summary: 'A money operation',
    answer: OperationSummary,
    refusals: ADMIN_REFUSALS.operation,
  })
  get(@Param('id') id: string, @ShopOfKey() shop?: string): Promise<OperationSummary> {
    return this.operations.get(parseId(id), shop);
  }

  @Post(':id/resolve')
  @Access('secret', 'operate')
  @HttpCode(200)
  @OperationId()
  @Operation({
    id: 'resolveOperation',
    summary: 'Settle a money operation by hand',
    description:
      'For an operation whose outcome cannot be determined automatically, and for a refund that Appmax accepted but never shows. Look into the Appmax panel first: after `not_done` the operation can be made again. The note and the name of the secret key are stored.',
    answer: OperationSummary,
    body: ResolutionDto,
    refusals: [...ADMIN_REFUSALS.operation, ...ADMIN_REFUSALS.resolution],
  })
  resolve(
    @Param('id') id: string,
    @Body() { outcome, note }: ResolutionDto,
    @CurrentKey() { name: by, shop }: KeyHolder,
  ): Promise<OperationSummary> {
    return this.operations.resolve(parseId(id), { outcome, note, by }, shop?.externalKey);
  }
}

/** @throws ApiError 400 */
function parseId(text: string): number {
  const id = /^\d{1,10}$/.test(text) ? Number(text) : 0;
  if (id < 1 || id > INT32_MAX) throw invalidOperationId();
  return id;
}
