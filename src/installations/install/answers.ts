import { ApiProperty } from '@nestjs/swagger';
import { Text } from '../../common/validation/validators';

const externalId = {
  description: "The installation's id, which Appmax's script in browsers asks for.",
  format: 'uuid',
  example: 'b7c1f2de-6a3b-4a52-9a0e-5f2f5f4b8c11',
};

/** What Appmax gets at the end of an installation. */
export class InstalledAnswer {
  @ApiProperty(externalId)
  readonly external_id: string;
}

/** What the merchant's browser gets at the end of an installation: its id or, when it was confirmed before, a message. */
export class InstallAnswer {
  @ApiProperty({ ...externalId, required: false })
  readonly external_id?: string;

  @ApiProperty({
    description: 'Instead of an id, where the installation was confirmed before.',
    example: 'installation confirmed',
    required: false,
  })
  readonly message?: string;
}

/** The merchant's own access to Appmax's API. */
export class MerchantTokenAnswer {
  @ApiProperty({ description: "The bearer token of Appmax's API.", example: 'eyJhbGciOiJSUzI1NiJ9.e30.c2ln' })
  readonly merchant_bearer_token: string;

  @Text(255, { description: "The merchant's key.", example: 'shop-42' })
  readonly external_key: string;

  @ApiProperty({ description: 'By which Appmax gives tokens.', example: 'merchant-8f14e45f' })
  readonly merchant_client_id: string;

  @ApiProperty({ description: 'By which Appmax gives tokens.', example: 'a-secret-of-the-merchant' })
  readonly merchant_client_secret: string;
}
