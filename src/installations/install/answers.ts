import { ApiProperty } from '@nestjs/swagger';
import { Text } from '../../common/validation/validators';

const externalId = {
  description: "The installation's id, which Appmax's browser script needs.",
  format: 'uuid',
  example: 'b7c1f2de-6a3b-4a52-9a0e-5f2f5f4b8c11',
};

/** The response to Appmax's health check. */
export class InstalledAnswer {
  @ApiProperty(externalId)
  readonly external_id: string;
}

/** The response to the merchant's browser: the installation's id or, if it was already confirmed, a message. */
export class InstallAnswer {
  @ApiProperty({ ...externalId, required: false })
  readonly external_id?: string;

  @ApiProperty({
    description: 'Replaces the id if the installation was already confirmed.',
    example: 'installation confirmed',
    required: false,
  })
  readonly message?: string;
}

/** The page at Appmax on which a merchant installs the app again. */
export class InstallationLink {
  @ApiProperty({
    description: "Appmax's consent page, for the merchant's browser. It can be used for an hour.",
    format: 'uri',
    example:
      'https://breakingcode.sandboxappmax.com.br/appstore/integration/5a0f3a3e2f0b4f3c9b1e8a1de9e8f111',
  })
  readonly url: string;
}

/** A merchant's credentials for Appmax's API. */
export class MerchantTokenAnswer {
  @ApiProperty({ description: "The bearer token of Appmax's API.", example: 'eyJhbGciOiJSUzI1NiJ9.e30.c2ln' })
  readonly merchant_bearer_token: string;

  @Text(255, { description: "The merchant's key.", example: 'shop-42' })
  readonly external_key: string;

  @ApiProperty({ description: "The merchant's OAuth client id.", example: 'merchant-8f14e45f' })
  readonly merchant_client_id: string;

  @ApiProperty({ description: "The merchant's OAuth client secret.", example: 'a-secret-of-the-merchant' })
  readonly merchant_client_secret: string;
}
