import type { Environment } from './env.schema';

/** The time for which each kind of data is kept. Undefined: for ever. */
export interface RetentionConfig {
  /** Payloads of webhooks are reduced to what the service needs. */
  readonly webhookPayloadDays: number | undefined;
  /** The personal data of checkout sessions, and sessions that no order was made from. */
  readonly sessionDays: number | undefined;
  /** Status changes, except those that tell when an order was paid or refunded, and its last one. */
  readonly statusChangeDays: number | undefined;
  readonly auditLogDays: number | undefined;
  /** Notifications, except open ones of enabled endpoints. */
  readonly notificationDays: number;
  readonly idempotencyKeyHours: number;
}

/** The defaults in production, in days. Elsewhere data is kept, for those who look into it. */
const PRODUCTION_DAYS = { webhookPayloads: 90, sessions: 90, statusChanges: 730, auditLog: 1_826 } as const;

/** Returns the retention of an environment. */
export function retentionOf(env: Environment): RetentionConfig {
  const daysOf = (set: number | undefined, inProduction: number): number | undefined => {
    const value = set ?? (env.APP_ENV === 'production' ? inProduction : 0);
    return value === 0 ? undefined : value;
  };
  return {
    webhookPayloadDays: daysOf(env.RETENTION_WEBHOOK_PAYLOAD_DAYS, PRODUCTION_DAYS.webhookPayloads),
    sessionDays: daysOf(env.RETENTION_SESSION_DAYS, PRODUCTION_DAYS.sessions),
    statusChangeDays: daysOf(env.RETENTION_STATUS_CHANGE_DAYS, PRODUCTION_DAYS.statusChanges),
    auditLogDays: daysOf(env.RETENTION_AUDIT_LOG_DAYS, PRODUCTION_DAYS.auditLog),
    notificationDays: env.RETENTION_NOTIFICATION_DAYS,
    idempotencyKeyHours: env.RETENTION_IDEMPOTENCY_KEY_HOURS,
  };
}
