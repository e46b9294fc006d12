export { type Erased, Erasure, PaymentsUnderWayError } from './erasure';
export { KEPT_DATA } from './kept-data';
export { type Person, PersonFinder } from './person/person-finder';
export type { Subject } from './person/subject';
export { PersonExport } from './person-export';
export { PrivacyModule } from './privacy.module';
