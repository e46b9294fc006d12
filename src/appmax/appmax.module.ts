import { Module } from '@nestjs/common';
import { AppmaxCaller } from './appmax-caller';
import { AppmaxClient } from './appmax.client';
import { AppmaxHttp } from './http/appmax-http';
import { CallDurations } from './http/call-durations';
import { AppmaxTokens } from './tokens/appmax-tokens';

/** Appmax's API. Knows no database and no domain: credentials come as arguments. */
@Module({
  providers: [AppmaxHttp, CallDurations, AppmaxTokens, AppmaxCaller, AppmaxClient],
  exports: [AppmaxClient],
})
export class AppmaxModule {}
