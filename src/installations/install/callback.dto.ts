import { ApiProperty } from '@nestjs/swagger';
import { KEY_LENGTH } from './callback-body';
import { LONGEST_CREDENTIAL } from '../credentials/credential-seals';

const key = { maxLength: KEY_LENGTH, example: 'shop-42', required: false } as const;
const credential = { maxLength: LONGEST_CREDENTIAL, required: false } as const;

/** Appmax's health check, for the API's document: what is wrong with it is told in an order of its own. */
export class CallbackDto {
  @ApiProperty({
    description: "The app's number, as Appmax mailed it.",
    oneOf: [{ type: 'integer' }, { type: 'string', maxLength: KEY_LENGTH }],
    example: 4711,
  })
  app_id: number | string;

  @ApiProperty({ description: "The merchant's key.", ...key })
  external_key?: string;

  @ApiProperty({ description: 'The same as `external_key`.', ...key })
  client_key?: string;

  @ApiProperty({ description: 'By which Appmax gives tokens.', example: 'merchant-8f14e45f', ...credential })
  client_id?: string;

  @ApiProperty({
    description: 'By which Appmax gives tokens.',
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
