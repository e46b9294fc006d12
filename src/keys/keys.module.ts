import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { SecretKeys } from '../common/access/secret-keys';
import { CONFIG, type Config } from '../config';
import { AccessKeys } from './access-keys';
import { AuditLog } from './audit-log';
import { AuditRetention } from './audit-retention';
import { AuditTrail } from './audit-trail';
import { KeyLookup } from './key-lookup';
import { SignInCookie } from './sign-in/sign-in-cookie';
import { SignIns } from './sign-in/sign-ins';

/** The secret keys, the sign-ins of the console, and the log of what is done with secret keys. */
@Global()
@Module({
  providers: [
    AccessKeys,
    AuditLog,
    AuditRetention,
    AuditTrail,
    KeyLookup,
    SignInCookie,
    SignIns,
    {
      provide: SecretKeys,
      inject: [CONFIG],
      useFactory: (config: Config) => new SecretKeys(config.secretKeys),
    },
    { provide: APP_GUARD, useExisting: AuditTrail },
  ],
  exports: [AccessKeys, AuditLog, AuditTrail, KeyLookup, SecretKeys, SignInCookie, SignIns],
})
export class KeysModule {}
