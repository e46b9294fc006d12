import { Module } from '@nestjs/common';
import { AppmaxCaller } from './appmax-caller';
import { AppmaxClient } from './appmax.client';
import { AppmaxHttp } from './http/appmax-http';
import { CallDurations } from './http/call-durations';
import { AppmaxTokens } from './tokens/appmax-tokens';

/** The module for Appmax's API. It uses neither the database nor the domain: callers pass the credentials. */
@Module({
  providers: [AppmaxHttp, CallDurations, AppmaxTokens, AppmaxCaller, AppmaxClient],
  exports: [AppmaxClient],
})
export class AppmaxModule {}
