import { ApiProperty } from '@nestjs/swagger';
import { KEY_SCOPES, type KeyScope } from '../common/access/key-holder';
import { Instant } from '../common/openapi/fields';
import { Text } from '../common/validation/validators';

/** A sign-in to the console. */
export class SignInDto {
  @Text(255, { description: 'A secret key.', example: 'amxk_replace-this-with-the-key' })
  key: string;
}

/** The rights of a browser that is signed in. */
export class ConsoleSession {
  @ApiProperty({ description: 'The name of the key.', example: 'shop-backend' })
  name: string;

  @ApiProperty({ description: 'The rights of the key.', enum: KEY_SCOPES, isArray: true, example: ['read'] })
  scopes: KeyScope[];

  @ApiProperty({
    description: 'The `external_key` of the only shop for which the key is valid; null: all shops.',
    type: 'string',
    nullable: true,
    example: 'shop-42',
  })
  external_key: string | null;

  @ApiProperty({
    description: 'The environment at Appmax.',
    enum: ['sandbox', 'production'],
    example: 'sandbox',
  })
  environment: 'sandbox' | 'production';

  @Instant('When the browser is signed out.')
  expires_at: string;
}
