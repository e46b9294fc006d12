import type { Scenario } from './scenario';
import { BASE, card, pix } from './scenarios';

/** Scenarios in which another order of the checkout session replaces the order. */
export const CLOSING_SCENARIOS = {
  'an order is replaced beside a card': {
    ...BASE,
    requests: [card(1), card(2)],
    outcomes: ['approved', 'declined', 'lost, may still charge'],
    budget: { closings: 1, lags: 1 },
  },
  'an order with a Pix is replaced': {
    ...BASE,
    requests: [pix(1)],
    outcomes: ['code', 'code, answer lost'],
    budget: { closings: 2, lags: 1 },
    instances: 1,
  },
  'an order with a Pix and a card is replaced': {
    ...BASE,
    requests: [pix(1), card(2)],
    outcomes: ['code', 'declined', 'approved, answer lost'],
    budget: { closings: 1 },
    instances: 1,
  },
} satisfies Readonly<Record<string, Scenario>>;
