import { Module } from '@nestjs/common';
import { AppmaxCaller } from './appmax-caller';
import { AppmaxClient } from './appmax.client';
import { AppmaxHttp } from './http/appmax-http';
import { AppmaxTokens } from './tokens/appmax-tokens';

/** Appmax's API. Knows no database and no domain: credentials come as arguments. */
@Module({ providers: [AppmaxHttp, AppmaxTokens, AppmaxCaller, AppmaxClient], exports: [AppmaxClient] })
export class AppmaxModule {}
