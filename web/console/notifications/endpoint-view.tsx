import type { JSX } from 'preact';
import type { EndpointSummary } from '../../../client/src/generated/types';
import { Notice } from '../../shared/ui';
import { Facts, Section } from '../components/detail';
import { Loaded } from '../components/states';
import { useConsole, useTextsOf } from '../context';
import { dateTime } from '../format';
import { useLiveReload } from '../live';
import { hrefTo } from '../router';
import { useQuery } from '../use-query';
import type { ViewProps } from '../view';
import { EndpointActions } from './endpoint-actions';
import { EventNames } from './events-field';
import { EndpointState } from './states';
import { ENDPOINT_TEXTS } from './texts';

/** An endpoint: its state with what to do about it, its data, and what can be done with it. */
export function EndpointView({ values: { id = '' } }: ViewProps): JSX.Element {
  const t = useTextsOf(ENDPOINT_TEXTS);
  const { api, language, changes } = useConsole();
  const query = useQuery(id, (signal) => api.getEndpoint({ id: id as unknown as number, signal }));
  useLiveReload(changes, query.reload);
  const instant = (at: string | null): string | null => (at === null ? null : dateTime(at, language));
  return (
    <>
      <p>
        <a href={hrefTo('/endpoints')}>← {t('endpoints')}</a>
      </p>
      <Loaded query={query}>
        {(endpoint) => (
          <>
            <div class="view-head">
              <h1>
                {t('endpoint', { id: endpoint.id })} <EndpointState endpoint={endpoint} />
              </h1>
            </div>
            <Advice endpoint={endpoint} />
            <div class="columns">
              <div>
                <Section title={t('data')}>
                  <p class="mono wrap">{endpoint.url}</p>
                  <Facts
                    facts={[
                      [t('shop'), endpoint.external_key ?? t('allShops')],
                      [t('events'), <EventNames key="events" events={endpoint.events} />],
                      [t('createdAt'), instant(endpoint.created_at)],
                      [t('disabledAt'), instant(endpoint.disabled_at)],
                      [t('failingSince'), instant(endpoint.failing_since)],
                      [t('previousSecret'), instant(endpoint.previous_secret_expires_at)],
                    ]}
                  />
                  <p>
                    <a href={hrefTo('/notifications', { endpoint_id: endpoint.id })}>
                      {t('itsNotifications')}
                    </a>
                  </p>
                </Section>
              </div>
              <div>
                <EndpointActions endpoint={endpoint} onDone={query.reload} />
              </div>
            </div>
          </>
        )}
      </Loaded>
    </>
  );
}

/** Says why an endpoint is disabled or fails, and what to do. */
function Advice({ endpoint }: { readonly endpoint: EndpointSummary }): JSX.Element | null {
  const t = useTextsOf(ENDPOINT_TEXTS);
  const { language } = useConsole();
  if (endpoint.status === 'disabled')
    return endpoint.disabled_reason === 'failing' ? (
      <Notice kind="bad">{t('disabledFailing')}</Notice>
    ) : (
      <Notice kind="info">{t('disabledOperator')}</Notice>
    );
  return endpoint.failing_since === null ? null : (
    <Notice kind="bad">{t('isFailing', { time: dateTime(endpoint.failing_since, language) })}</Notice>
  );
}
