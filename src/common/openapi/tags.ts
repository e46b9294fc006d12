/** The tags of the API and their descriptions, in the order of the document. */
export const TAGS = {
  Checkout: "Orders and payments of a shop. A shopper's browser may call these routes.",
  'Checkout sessions':
    'Sales with a fixed price that a shopper pays on the page of this service, and the routes of that page.',
  'After the sale': 'Refunds, tracking codes and upsells.',
  Installation: 'Installation of the app by a merchant, and the credentials that result.',
  Webhooks: 'Events that Appmax sends about orders.',
  Notifications: 'Signed events that this service sends to the backends of shops.',
  Administration: 'Routes for the operators of the service.',
  Console: 'Sign-in of browsers to the console of operators.',
  Health: 'Liveness, readiness and metrics of the service.',
  Documentation: 'This document.',
} as const;

export type Tag = keyof typeof TAGS;
