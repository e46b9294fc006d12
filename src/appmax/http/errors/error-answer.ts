import { isRecord } from '../../../common/is-record';
import { AppmaxFailure } from '../../failures/appmax-failure';
import { isDecline } from '../../failures/declines';
import { normaliseStatus } from '../../order-status';
import { errorText } from './error-text';

/** Turns an error answer into a failure. @param call its name, and if it charges a card. */
export function failureOf(
  { operation, isDeclinable }: { readonly operation: string; readonly isDeclinable?: boolean | undefined },
  answer: { status: number; body: unknown; retryAfterSeconds?: number | undefined },
): AppmaxFailure {
  const { status, body, retryAfterSeconds } = answer;
  const text = errorText(body);
  const kind = isDeclinable === true && isDecline({ status, text }) ? 'declined' : kindOf(status);
  return new AppmaxFailure(kind, operation, {
    status,
    text,
    retryAfterSeconds,
    ...(kind === 'declined' ? { orderStatus: orderStatusIn(body) } : {}),
  });
}

/** Reads the order's status from an error body. */
function orderStatusIn(body: unknown): string | undefined {
  if (!isRecord(body) || !isRecord(body['data'])) return undefined;
  const { order, payment } = body['data'];
  const candidates = [order, payment].filter(isRecord).map((part) => part['status']);
  const status = candidates.find((value) => typeof value === 'string' && value.trim() !== '');
  return typeof status === 'string' ? normaliseStatus(status) : undefined;
}

function kindOf(status: number): AppmaxFailure['kind'] {
  if (status === 402) return 'declined';
  if (status === 429) return 'rate_limited';
  if (status === 401 || status === 403) return 'unauthorized';
  return status >= 400 && status < 500 ? 'refused' : 'unknown';
}
