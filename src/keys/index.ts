export { AccessKeys, KeySummary, MadeKey, type NewKey } from './access-keys';
export { AuditEntry, type AuditListRequest, AuditLog } from './audit-log';
export { AuditTrail } from './audit-trail';
export { expiryIsPast, invalidKeyId, keyNotFound, shopNotFound } from './errors';
export { KeyLookup } from './key-lookup';
export { KeysModule } from './keys.module';
