import { ArrayMaxSize, ArrayMinSize, IsArray, IsIn } from 'class-validator';
import { KEY_SCOPES, type KeyScope } from '../../common/access/key-holder';
import {
  EnumFilter,
  IdFilter,
  InstantFilter,
  ListQueryDto,
  TextFilter,
} from '../../common/listing/list-query.dto';
import { field } from '../../common/validation/field';
import { Text } from '../../common/validation/validators';
import { ACTORS, type AuditListRequest } from '../../keys';

/** A key to make. */
export class NewKeyDto {
  @Text(64, { description: 'A name that says who uses the key; no personal data.', example: 'shop-backend' })
  name: string;

  @field(
    { type: 'string', enum: [...KEY_SCOPES], isArray: true, minItems: 1, maxItems: KEY_SCOPES.length },
    {
      description:
        '`read`: lists and details. `operate`: changes of orders, payments and events. `manage`: keys, the audit log and merchants’ credentials. No scope includes another.',
      example: ['read'],
    },
    IsArray(),
    ArrayMinSize(1),
    ArrayMaxSize(KEY_SCOPES.length),
    IsIn(KEY_SCOPES, { each: true, message: `scopes must be of ${KEY_SCOPES.join(', ')}` }),
  )
  scopes: KeyScope[];

  @Text(255, {
    description: 'The `external_key` of the only shop for which the key is valid. Absent: all shops.',
    example: 'shop-42',
    optional: true,
  })
  external_key?: string | null;

  @InstantFilter({ description: 'When the key expires. Absent: never.', example: '2099-12-31' })
  expires_at?: Date | null;
}

export class AuditQueryDto extends ListQueryDto implements AuditListRequest {
  @EnumFilter(ACTORS, {
    description:
      '`root_key`: one of `API_SECRET_KEYS`. `key`: a key of the database. `command`: a command on the machine.',
  })
  actor?: (typeof ACTORS)[number];

  @IdFilter({ description: 'The id of a key.', example: 7 })
  key_id?: number;

  @TextFilter(128, { description: 'The route or command.', example: 'POST /checkout/:key/refund' })
  action?: string;

  @TextFilter(255, { description: 'The `external_key` of a merchant.', example: 'shop-42' })
  external_key?: string;

  @InstantFilter({ description: 'Earliest `created_at`, inclusive.' })
  from?: Date;

  @InstantFilter({ description: 'Latest `created_at`, exclusive.' })
  to?: Date;
}
