import { z } from 'zod';
import { blankIsUnset, wholeNumber } from './env-fields';

/** The days for which data is kept; 0: for ever. At least 30, so that nothing that is still in use is deleted. */
const days = z.preprocess(
  (value) => (blankIsUnset(value) === undefined ? undefined : Number(value)),
  z
    .number({ error: 'must be a whole number' })
    .int('must be a whole number')
    .max(36_600, 'must be at most 36600')
    .refine((value) => value === 0 || value >= 30, 'must be 0 (kept for ever) or at least 30')
    .optional(),
);

/** The variables of how long data is kept. */
export const RETENTION_VARIABLES = {
  RETENTION_WEBHOOK_PAYLOAD_DAYS: days,
  RETENTION_SESSION_DAYS: days,
  RETENTION_STATUS_CHANGE_DAYS: days,
  RETENTION_AUDIT_LOG_DAYS: days,
  RETENTION_NOTIFICATION_DAYS: wholeNumber(30, 3, 3_660),
  RETENTION_IDEMPOTENCY_KEY_HOURS: wholeNumber(24, 24, 720),
};
