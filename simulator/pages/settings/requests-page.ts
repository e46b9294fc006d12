import { type LoggedRequest } from '../../requests/request-log';
import { type Html, html } from '../html/html';
import { table, time } from '../html/parts';

/** The page of received calls, newest first, with the number of calls per route. */
export function requestsPage(
  requests: readonly LoggedRequest[],
  byRoute: Readonly<Record<string, number>>,
): Html {
  return html`<details>
      <summary>Calls per route</summary>
      ${table(
        [{ heading: 'Route' }, { heading: 'Calls', numeric: true }],
        Object.entries(byRoute).map(([route, count]) => [
          html`<span class="code">${route}</span>`,
          html`${count}`,
        ]),
        'No call yet.',
      )}
    </details>
    ${table(
      [
        { heading: 'Time' },
        { heading: 'Call' },
        { heading: 'Merchant' },
        { heading: 'Status', numeric: true },
        { heading: 'Duration', numeric: true },
        { heading: 'Fault' },
        { heading: 'Body' },
      ],
      requests.map((request) => [
        time(request.at),
        html`<span class="code">${request.method} ${request.path}</span>`,
        html`${request.external_key ?? '–'}`,
        html`${request.status ?? '…'}`,
        html`${request.duration_ms === null ? '…' : `${request.duration_ms} ms`}`,
        html`${request.fault ?? ''}`,
        request.body === null
          ? html``
          : html`<details>
              <summary>show</summary>
              <pre>${JSON.stringify(request.body, null, 2)}</pre>
            </details>`,
      ]),
      'No call yet.',
    )}`;
}
