export { AccessKeys, KeySummary, MadeKey, type NewKey } from './access-keys';
export { actorOf, ACTORS, COMMAND } from './actor';
export { AuditEntry, type AuditListRequest, AuditLog } from './audit-log';
export { AuditTrail } from './audit-trail';
export { expiryIsPast, invalidKeyId, keyNotFound, shopNotFound } from './errors';
export { KeyLookup } from './key-lookup';
export { KeysModule } from './keys.module';
export { SignInCookie } from './sign-in/sign-in-cookie';
export { CONSOLE_HEADER, SIGN_IN_HOURS, type SignedInHolder, SignIns } from './sign-in/sign-ins';
