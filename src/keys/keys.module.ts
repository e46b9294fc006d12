import { Global, Module } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { AccessKeys } from './access-keys';
import { AuditInterceptor } from './audit.interceptor';
import { AuditLog } from './audit-log';
import { KeyLookup } from './key-lookup';

/** The secret keys of the database, and the log of what is done with secret keys. */
@Global()
@Module({
  providers: [AccessKeys, AuditLog, KeyLookup, { provide: APP_INTERCEPTOR, useClass: AuditInterceptor }],
  exports: [AccessKeys, AuditLog, KeyLookup],
})
export class KeysModule {}
