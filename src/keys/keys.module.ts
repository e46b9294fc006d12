import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AccessKeys } from './access-keys';
import { AuditGuard } from './audit.guard';
import { AuditLog } from './audit-log';
import { KeyLookup } from './key-lookup';

/** The secret keys of the database, and the log of what is done with secret keys. */
@Global()
@Module({
  providers: [AccessKeys, AuditGuard, AuditLog, KeyLookup, { provide: APP_GUARD, useExisting: AuditGuard }],
  exports: [AccessKeys, AuditGuard, AuditLog, KeyLookup],
})
export class KeysModule {}
