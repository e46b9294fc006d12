import { Module } from '@nestjs/common';
import { AppmaxClient } from './appmax.client';
import { AppmaxCaller } from './appmax-caller';
import { AppmaxHealth } from './appmax-health';
import { AppmaxHttp } from './http/appmax-http';
import { CallDurations } from './http/call-durations';
import { AppmaxTokens } from './tokens/appmax-tokens';
import { CredentialListeners } from './tokens/credential-listeners';

/** The module for Appmax's API. It uses neither the database nor the domain: callers pass the credentials. */
@Module({
  providers: [
    AppmaxHttp,
    CallDurations,
    AppmaxTokens,
    AppmaxCaller,
    AppmaxClient,
    AppmaxHealth,
    CredentialListeners,
  ],
  exports: [AppmaxClient, AppmaxHealth, CredentialListeners],
})
export class AppmaxModule {}
