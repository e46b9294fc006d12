import { markup, page } from '../common/http/page';
import type { Readiness } from './readiness.service';

/** Renders the readiness page for browsers. */
export function readinessPage({ status, database, migrations, cache, background }: Readiness): string {
  return page(status === 'ok' ? 'Ready' : 'Not ready', [
    status === 'ok' ? 'The service is ready.' : 'The service runs, but not all of its parts work.',
    markup`<ul>
      <li>PostgreSQL: <strong>${database}</strong></li>
      <li>Its schema: <strong>${migrations}</strong></li>
      <li>The cache: <strong>${cache}</strong></li>
      <li>The background work: <strong>${background}</strong></li>
    </ul>`,
  ]);
}
