import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access, Audited } from '../../common/access/access.decorator';
import { InstallationKey } from '../../common/openapi/fields';
import { Operation } from '../../common/openapi/operation';
import type { Tag } from '../../common/openapi/tags';
import { INSTALL_REFUSALS } from '../errors';
import { MerchantTokenAnswer } from '../install/answers';
import { InstallationsService } from '../installations.service';

/** The route that gives a merchant's own servers access to Appmax's API. */
@Controller('installations')
@ApiTags('Installation' satisfies Tag)
export class MerchantTokenController {
  constructor(private readonly installations: InstallationsService) {}

  @Get(':key/merchant/token')
  @Access('secret', 'manage')
  @Audited('request')
  @InstallationKey()
  @Operation({
    id: 'getMerchantToken',
    summary: "The merchant's own access to Appmax's API",
    answer: MerchantTokenAnswer,
    refusals: INSTALL_REFUSALS.token,
  })
  token(@Param('key') key: string): Promise<MerchantTokenAnswer> {
    return this.installations.merchantToken(key);
  }
}
