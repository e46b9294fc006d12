import { ApiProperty } from '@nestjs/swagger';
import { LONGEST_CREDENTIAL } from '../../credentials/credential-seals';
import { KEY_LENGTH } from './callback-body';

const key = { maxLength: KEY_LENGTH, example: 'shop-42', required: false } as const;
const credential = { maxLength: LONGEST_CREDENTIAL, required: false } as const;

/** Appmax's health check, for the OpenAPI document only: {@link readCallbackBody} validates it. */
export class CallbackDto {
  @ApiProperty({
    description: "The app's number, from Appmax's email.",
    oneOf: [{ type: 'integer' }, { type: 'string', maxLength: KEY_LENGTH }],
    example: 4711,
  })
  app_id: number | string;

  @ApiProperty({ description: "The merchant's key.", ...key })
  external_key?: string;

  @ApiProperty({ description: 'The same as `external_key`.', ...key })
  client_key?: string;

  @ApiProperty({
    description: "The merchant's OAuth client id.",
    example: 'merchant-8f14e45f',
    ...credential,
  })
  client_id?: string;

  @ApiProperty({
    description: "The merchant's OAuth client secret.",
    example: 'a-secret-of-the-merchant',
    ...credential,
  })
  client_secret?: string;

  @ApiProperty({ description: 'The same as `client_id`.', example: 'merchant-8f14e45f', ...credential })
  merchant_client_id?: string;

  @ApiProperty({
    description: 'The same as `client_secret`.',
    example: 'a-secret-of-the-merchant',
    ...credential,
  })
  merchant_client_secret?: string;
}
