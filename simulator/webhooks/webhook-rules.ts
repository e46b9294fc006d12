import { z } from 'zod';
import { type WebhookDelivery } from './webhook-delivery';

/** The request for a rule that disturbs the delivery of webhooks; see docs/simulator.md. */
export const webhookRuleSchema = z.strictObject({
  action: z.enum(['duplicate', 'delay', 'drop', 'hold', 'reorder']),
  /** Only webhooks with this event name, as it is sent. */
  event: z.string().optional(),
  order_id: z.number().int().optional(),
  external_key: z.string().optional(),
  /** Number of webhooks that it applies to; null: no limit. */
  times: z.number().int().positive().nullable().default(null),
  probability: z.number().min(0).max(1).default(1),
  /** duplicate: number of extra copies. */
  copies: z.number().int().min(1).max(100).default(1),
  /** delay: seconds of the clock. */
  seconds: z.number().min(0).default(60),
  /** reorder: number of webhooks that are gathered and then sent newest first. */
  size: z.number().int().min(2).max(1000).default(2),
});
export type WebhookRuleRequest = z.infer<typeof webhookRuleSchema>;

/** An active rule. */
export interface WebhookRule extends WebhookRuleRequest {
  readonly id: number;
  /** Number of webhooks that it was applied to. */
  hits: number;
}

/** The active rules. The first one that matches a webhook applies to it. */
export class WebhookRules {
  private rules: WebhookRule[] = [];
  private lastId = 0;

  constructor(private readonly random: () => number = Math.random) {}

  add(request: WebhookRuleRequest): WebhookRule {
    this.lastId += 1;
    const rule = { ...request, id: this.lastId, hits: 0 };
    this.rules.push(rule);
    return rule;
  }

  list(): readonly WebhookRule[] {
    return this.rules;
  }

  remove(id: number): boolean {
    const before = this.rules.length;
    this.rules = this.rules.filter((rule) => rule.id !== id);
    return this.rules.length < before;
  }

  clear(): void {
    this.rules = [];
  }

  /** Returns the rule that applies to this webhook, and counts it; undefined if none does. */
  ruleFor(delivery: WebhookDelivery): WebhookRule | undefined {
    const rule = this.rules.find((candidate) => this.applies(candidate, delivery));
    if (rule !== undefined) rule.hits += 1;
    return rule;
  }

  private applies(rule: WebhookRule, delivery: WebhookDelivery): boolean {
    if (rule.times !== null && rule.hits >= rule.times) return false;
    if (rule.event !== undefined && rule.event !== delivery.event) return false;
    if (rule.order_id !== undefined && rule.order_id !== delivery.order_id) return false;
    if (rule.external_key !== undefined && rule.external_key !== delivery.external_key) return false;
    return rule.probability >= 1 || this.random() < rule.probability;
  }
}
