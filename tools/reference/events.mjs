import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { codes, table } from './translation.mjs';

const root = join(import.meta.dirname, '..', '..');
const load = createRequire(import.meta.url);
const { EVENT_NAMES } = load(join(root, 'dist/src/webhooks/events/event-catalogue.js'));
const { NOTIFICATION_TYPES } = load(join(root, 'dist/src/notifications/notification-list.js'));

/** Returns when a notification of a type is sent, as the table of docs/notifications.md says it in this language. */
function notificationText(type, folder) {
  const page = join(root, folder, '..', 'notifications.md');
  const row = readFileSync(page, 'utf8')
    .split('\n')
    .find((line) => line.startsWith(`| \`${type}\``));
  if (row === undefined) throw new Error(`${page} has no row for ${type}`);
  return row.split('|')[2].trim();
}

/** Returns the parts of the page: the webhook events of Appmax, and the notifications of the service. */
export function eventParts(translation) {
  const header = (...words) => words.map((word) => translation.text(`header.${word}`, word));
  const { byStatus, withoutStatus, withoutOrder } = EVENT_NAMES;
  const statuses = Object.entries(byStatus).map(([status, names]) => [`\`${status}\``, codes(names)]);
  const others = [
    [
      translation.text('events.withoutStatus', 'none: the service reads the order from Appmax'),
      codes(withoutStatus),
    ],
    [
      translation.text('events.withoutOrder', 'none: not about an order; stored, and nothing else'),
      codes(withoutOrder),
    ],
  ];
  return {
    webhooks: table(header('asserted status', 'events'), [...statuses, ...others]),
    notifications: table(
      header('type', 'when'),
      NOTIFICATION_TYPES.map((type) => [`\`${type}\``, notificationText(type, translation.folder)]),
    ),
  };
}
