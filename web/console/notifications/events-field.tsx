import type { JSX } from 'preact';
import type { EndpointSummary } from '../../../client/src/generated/types';
import { useTextsOf } from '../context';
import { ENDPOINT_TEXTS, NOTIFICATION_TERMS } from './texts';

/** The events of an endpoint: types of notifications, or `['*']` for all. */
export type Events = EndpointSummary['events'];
type Event = Exclude<Events[number], '*'>;

/** The choices, in their order. The compiler names an event of the API that lacks here. */
const CHOICES: Readonly<Record<Event, true>> = {
  'order.status_changed': true,
  'refund.confirmed': true,
  'refund.denied': true,
  'session.completed': true,
  'session.expired': true,
  'installation.created': true,
  'operation.needs_review': true,
};
const EVENTS = Object.keys(CHOICES) as readonly Event[];

/** All events, or a choice of them. */
export function EventsField({
  value,
  onValue,
}: {
  readonly value: Events;
  readonly onValue: (value: Events) => void;
}): JSX.Element {
  const t = useTextsOf(ENDPOINT_TEXTS);
  const terms = useTextsOf(NOTIFICATION_TERMS);
  const isAll = value.includes('*');
  const kinds = [
    [true, t('everyEvent'), ['*']],
    [false, t('chosenEvents'), []],
  ] as const;
  return (
    <fieldset>
      <legend>{t('events')}</legend>
      {kinds.map(([isOfAll, text, first]) => (
        <label key={text} class="choice">
          <input
            type="radio"
            name="events-kind"
            checked={isAll === isOfAll}
            onChange={() => {
              onValue([...first]);
            }}
          />
          {text}
        </label>
      ))}
      {isAll
        ? null
        : EVENTS.map((event) => (
            <label key={event} class="choice inner">
              <input
                type="checkbox"
                checked={value.includes(event)}
                onChange={({ currentTarget: { checked } }) => {
                  onValue(EVENTS.filter((each) => (each === event ? checked : value.includes(each))));
                }}
              />
              <span>
                {terms(event)} <code>{event}</code>
              </span>
            </label>
          ))}
    </fieldset>
  );
}

/** The events of an endpoint in words. */
export function EventNames({ events }: { readonly events: Events }): JSX.Element {
  const t = useTextsOf(ENDPOINT_TEXTS);
  const terms = useTextsOf(NOTIFICATION_TERMS);
  return <>{events.map((event) => (event === '*' ? t('allEvents') : terms(event))).join(', ')}</>;
}
