import { Module } from '@nestjs/common';
import { AppmaxClient } from './appmax.client';
import { AppmaxCaller } from './appmax-caller';
import { AppmaxHealth } from './appmax-health';
import { AppmaxHttp } from './http/appmax-http';
import { CallDurations } from './http/call-durations';
import { SharedLimit } from './limiter/shared-limit';
import { AppmaxTokens } from './tokens/appmax-tokens';
import { CredentialListeners } from './tokens/credential-listeners';

/** The module for Appmax's API. It uses neither the database nor the domain: callers pass the credentials. */
@Module({
  providers: [
    AppmaxHttp,
    CallDurations,
    AppmaxTokens,
    SharedLimit,
    AppmaxCaller,
    AppmaxClient,
    AppmaxHealth,
    CredentialListeners,
  ],
  exports: [AppmaxClient, AppmaxHealth, CredentialListeners],
})
export class AppmaxModule {}
