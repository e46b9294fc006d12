/** The areas of the API, in the order in which they are shown. */
export const TAGS = {
  Checkout: "What a shop calls to sell. A shopper's browser may call it.",
  'After the sale': 'Refunds, tracking codes, and selling more to the same shopper.',
  Installation: 'How a merchant installs the app, and what the merchant has then.',
  Webhooks: 'Where Appmax tells what happens to orders.',
  Administration: 'For those who run the service.',
  Health: 'Whether the service runs, and whether it can work.',
  Pages: 'For people.',
  Documentation: 'This document.',
} as const;

export type Tag = keyof typeof TAGS;
