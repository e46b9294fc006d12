export { AccessKeys, KeySummary, MadeKey, type NewKey } from './access-keys';
export { AuditEntry, type AuditListRequest, AuditLog } from './audit-log';
export { expiryIsPast, invalidKeyId, keyNotFound, shopNotFound } from './errors';
export { KeyLookup } from './key-lookup';
export { KeysModule } from './keys.module';
