import { Controller, Get, Param } from '@nestjs/common';
import { Access } from '../common/access/access.decorator';
import { InstallationsService, type MerchantTokenAnswer } from './installations.service';

/** The merchant's own access to Appmax's API, for the merchant's own servers. */
@Controller('installations')
export class MerchantTokenController {
  constructor(private readonly installations: InstallationsService) {}

  @Get(':key/merchant/token')
  @Access('secret')
  token(@Param('key') key: string): Promise<MerchantTokenAnswer> {
    return this.installations.merchantToken(key);
  }
}
