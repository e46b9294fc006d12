import { markup, page } from '../common/http/page';
import type { Readiness } from './readiness.service';

/** What someone sees who asks with a browser whether the service can work. */
export function readinessPage({ status, database, migrations, cache, background }: Readiness): string {
  return page(status === 'ok' ? 'Ready' : 'Not ready', [
    status === 'ok' ? 'The service can work.' : 'The service runs, but can not do all of its work.',
    markup`<ul>
      <li>PostgreSQL: <strong>${database}</strong></li>
      <li>Its schema: <strong>${migrations}</strong></li>
      <li>The cache: <strong>${cache}</strong></li>
      <li>The background work: <strong>${background}</strong></li>
    </ul>`,
  ]);
}
