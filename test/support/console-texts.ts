import { ACTIONS } from '../../web/console/audit/actions';
import { AUDIT_TEXTS } from '../../web/console/audit/texts';
import { KEYS_TEXTS } from '../../web/console/keys/texts';
import {
  ENDPOINT_TEXTS,
  NOTIFICATION_TERMS,
  NOTIFICATION_TEXTS,
} from '../../web/console/notifications/texts';
import { OPERATIONS_TEXTS } from '../../web/console/operations/texts';
import { OPERATION_TEXTS, ORDER_TEXTS } from '../../web/console/orders/texts';
import { OVERVIEW_TEXTS } from '../../web/console/overview/texts';
import { SESSION_TEXTS } from '../../web/console/sessions/texts';
import { SHOPS_TEXTS } from '../../web/console/shops/texts';
import { ERROR_TEXTS, STATUS_TEXTS, TEXTS } from '../../web/console/texts';
import { WEBHOOK_TEXTS } from '../../web/console/webhooks/texts';
import { TEXTS as SHARED_TEXTS, type TextTable } from '../../web/shared/texts';
import type { Locale } from './console';

const TABLES: readonly TextTable[] = [
  ACTIONS,
  AUDIT_TEXTS,
  KEYS_TEXTS,
  ENDPOINT_TEXTS,
  NOTIFICATION_TERMS,
  NOTIFICATION_TEXTS,
  OPERATIONS_TEXTS,
  OPERATION_TEXTS,
  ORDER_TEXTS,
  OVERVIEW_TEXTS,
  SESSION_TEXTS,
  SHOPS_TEXTS,
  ERROR_TEXTS,
  STATUS_TEXTS,
  TEXTS,
  WEBHOOK_TEXTS,
  // Of the texts of the checkout page, which has other names for the same things.
  { copied: SHARED_TEXTS.copied },
];

/** Returns a text of the console with the values that are given filled in; the others stay `{name}`. */
export type Say = (portuguese: string, values?: Readonly<Record<string, string | number>>) => string;

/**
 * Returns the function that translates a text of the console from Portuguese, with which the tests name it, to a locale. It
 * throws if the console has no such text, or translates it in several ways.
 */
export function textsIn(locale: Locale, tables = TABLES): Say {
  const pairs = tables.flatMap((table) => Object.values(table));
  return (portuguese, values = {}) => {
    const texts = new Set(
      pairs.filter(([text]) => text === portuguese).map(([pt, en]) => (locale === 'en' ? en : pt)),
    );
    const [text] = texts;
    if (text === undefined || texts.size > 1)
      throw new Error(`“${portuguese}” has ${texts.size} texts in ${locale}: ${[...texts].join(' / ')}`);
    return text.replaceAll(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
  };
}

/** Returns the texts of the statuses of orders: other things are named as some of them. */
export function statusesIn(locale: Locale): Say {
  return textsIn(locale, [STATUS_TEXTS]);
}

/** Returns the pattern of a text whose values that were not given may be any. */
export function patternOf(text: string): RegExp {
  const parts = text.split(/\{\w+\}/).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(parts.join('.+'));
}
