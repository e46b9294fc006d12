import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AccessKeys } from './access-keys';
import { AuditLog } from './audit-log';
import { AuditTrail } from './audit-trail';
import { KeyLookup } from './key-lookup';

/** The secret keys of the database, and the log of what is done with secret keys. */
@Global()
@Module({
  providers: [AccessKeys, AuditLog, AuditTrail, KeyLookup, { provide: APP_GUARD, useExisting: AuditTrail }],
  exports: [AccessKeys, AuditLog, AuditTrail, KeyLookup],
})
export class KeysModule {}
