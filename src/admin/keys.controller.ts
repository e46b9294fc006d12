import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import { AcceptsShopKeys, Access, Audited, CurrentKey, ShopOfKey } from '../common/access/access.decorator';
import type { KeyHolder } from '../common/access/key-holder';
import { ListQueryDto } from '../common/listing/list-query.dto';
import type { Page } from '../common/listing/page';
import { Operation } from '../common/openapi/operation';
import { PageOf } from '../common/openapi/page-of';
import type { Tag } from '../common/openapi/tags';
import { INT32_MAX } from '../common/validation/validators';
import { AccessKeys, AuditEntry, AuditLog, invalidKeyId, KeySummary, MadeKey } from '../keys';
import { AuditQueryDto, NewKeyDto } from './dto/keys.dto';
import { ADMIN_REFUSALS } from './errors';

/** Routes by which operators manage secret keys and read what was done with them. */
@Controller('admin')
@ApiTags('Administration' satisfies Tag)
@Access('secret', 'manage')
@AcceptsShopKeys()
export class KeysController {
  constructor(
    private readonly keys: AccessKeys,
    private readonly log: AuditLog,
  ) {}

  @Get('keys')
  @Operation({
    id: 'listKeys',
    summary: 'Secret keys',
    description: 'The keys of the database, also expired and revoked ones. API_SECRET_KEYS are not listed.',
    answer: PageOf(KeySummary, 'KeyPage'),
    refusals: ADMIN_REFUSALS.list,
  })
  list(@Query() query: ListQueryDto, @ShopOfKey() shop?: string): Promise<Page<KeySummary>> {
    return this.keys.list(query, shop);
  }

  @Post('keys')
  @HttpCode(200)
  @Audited('service')
  @Operation({
    id: 'createKey',
    summary: 'Make a secret key',
    description:
      'The answer has the key; it is not shown again. A key can only be made by one that has all its scopes, is valid for its shop, and expires no earlier.',
    answer: MadeKey,
    body: NewKeyDto,
    refusals: ADMIN_REFUSALS.newKey,
  })
  create(@Body() body: NewKeyDto, @CurrentKey() maker: KeyHolder): Promise<MadeKey> {
    const { name, scopes, external_key: externalKey, expires_at: expiresAt } = body;
    const wanted = { name, scopes, externalKey: externalKey ?? undefined, expiresAt: expiresAt ?? undefined };
    return this.keys.create(wanted, maker, 'POST /admin/keys');
  }

  @Delete('keys/:id')
  @Audited('service')
  @ApiParam({
    name: 'id',
    description: 'The id of the key.',
    schema: { type: 'integer', minimum: 1, examples: [42] },
  })
  @Operation({
    id: 'revokeKey',
    summary: 'Revoke a secret key',
    description: 'All instances refuse the key within a few seconds. Its entry stays in the list.',
    answer: KeySummary,
    refusals: ADMIN_REFUSALS.key,
  })
  revoke(@Param('id') id: string, @CurrentKey() by: KeyHolder): Promise<KeySummary> {
    return this.keys.revoke(parseId(id), by, 'DELETE /admin/keys/:id');
  }

  @Get('audit')
  @Operation({
    id: 'listAuditEntries',
    summary: 'What was done with secret keys',
    description:
      'One entry for each change that was made with a secret key, for each key that was made or revoked, and for each reading of a merchant token.',
    answer: PageOf(AuditEntry, 'AuditPage'),
    refusals: ADMIN_REFUSALS.list,
  })
  audit(@Query() query: AuditQueryDto, @ShopOfKey() shop?: string): Promise<Page<AuditEntry>> {
    return this.log.list(query, shop);
  }
}

/** @throws ApiError 400 */
function parseId(text: string): number {
  const id = /^\d{1,10}$/.test(text) ? Number(text) : 0;
  if (id < 1 || id > INT32_MAX) throw invalidKeyId();
  return id;
}
