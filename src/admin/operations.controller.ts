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

/** What a person has found out about an operation. */
export class ResolutionDto {
  @OneOf(['done', 'not_done'], { description: 'Whether it had its effect at Appmax.', example: 'not_done' })
  outcome: 'done' | 'not_done';

  @Text(1000, { description: 'How it was found out; kept with it.', example: 'Not in the Appmax panel' })
  note: string;
}

const OperationId = (): MethodDecorator =>
  ApiParam({
    name: 'id',
    description: 'Our own id of it.',
    schema: { type: 'integer', minimum: 1, examples: [42] },
  });

/** The calls to Appmax that move money, for an operator to look through and to settle. */
@Controller('admin/operations')
@ApiTags('Administration' satisfies Tag)
@Access('secret')
export class OperationsController {
  constructor(private readonly operations: OperationList) {}

  @Get()
  @Operation({
    id: 'listOperations',
    summary: 'Money operations',
    description: '`state=unknown`: those whose answer was lost, and that wait for evidence or for a person.',
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
    summary: 'Say what became of a money operation',
    description:
      'For an operation whose outcome evidence can not settle, and for a refund that Appmax accepted and never shows. Look into the Appmax panel first: `not_done` lets it be made again. Who said so, and the note, are kept.',
    answer: OperationSummary,
    body: ResolutionDto,
    refusals: [...ADMIN_REFUSALS.operation, ...ADMIN_REFUSALS.resolution],
  })
  resolve(
    @Param('id') id: string,
    @Body() { outcome, note }: ResolutionDto,
    @Headers('authorization') authorization: string,
  ): Promise<OperationSummary> {
    return this.operations.resolve(parseId(id), { outcome, note, by: nameOfKey(authorization) });
  }
}

/** @throws ApiError 400 */
function parseId(text: string): number {
  const id = /^\d{1,10}$/.test(text) ? Number(text) : 0;
  if (id < 1 || id > INT32_MAX) throw invalidOperationId();
  return id;
}

/** Names a secret key without telling it. */
function nameOfKey(authorization: string): string {
  const key = authorization.replace(/^Bearer +/i, '');
  return `key ${createHash('sha256').update(key).digest('hex').slice(0, 8)}`;
}
