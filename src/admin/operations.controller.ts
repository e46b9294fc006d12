import { createHash } from 'node:crypto';
import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import { Access } from '../common/access/access.decorator';
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
@Access('secret')
export class OperationsController {
  constructor(private readonly operations: OperationList) {}

  @Get()
  @Operation({
    id: 'listOperations',
    summary: 'Money operations',
    description:
      '`state=unknown` lists operations whose answer was lost and that wait for evidence or for an operator.',
    answer: PageOf(OperationSummary, 'OperationPage'),
    refusals: ADMIN_REFUSALS.list,
  })
  list(@Query() query: OperationsQueryDto): Promise<Page<OperationSummary>> {
    return this.operations.list(query);
  }

  @Get(':id')
  @OperationId()
  @Operation({
    id: 'getOperation',
    summary: 'A money operation',
    answer: OperationSummary,
    refusals: ADMIN_REFUSALS.operation,
  })
  get(@Param('id') id: string): Promise<OperationSummary> {
    return this.operations.get(parseId(id));
  }

  @Post(':id/resolve')
  @HttpCode(200)
  @OperationId()
  @Operation({
    id: 'resolveOperation',
    summary: 'Settle a money operation by hand',
    description:
      'For an operation whose outcome cannot be determined automatically, and for a refund that Appmax accepted but never shows. Look into the Appmax panel first: after `not_done` the operation can be made again. The note and a fingerprint of the secret key are stored.',
    answer: OperationSummary,
    body: ResolutionDto,
    refusals: [...ADMIN_REFUSALS.operation, ...ADMIN_REFUSALS.resolution],
  })
  resolve(
    @Param('id') id: string,
    @Body() { outcome, note }: ResolutionDto,
    @Headers('authorization') authorization: string,
  ): Promise<OperationSummary> {
    return this.operations.resolve(parseId(id), { outcome, note, by: fingerprintOfKey(authorization) });
  }
}

/** @throws ApiError 400 */
function parseId(text: string): number {
  const id = /^\d{1,10}$/.test(text) ? Number(text) : 0;
  if (id < 1 || id > INT32_MAX) throw invalidOperationId();
  return id;
}

/** Returns a short fingerprint of a secret key, which does not reveal the key. */
function fingerprintOfKey(authorization: string): string {
  const key = authorization.replace(/^Bearer +/i, '');
  return `key ${createHash('sha256').update(key).digest('hex').slice(0, 8)}`;
}
