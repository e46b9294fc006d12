import { Injectable, type ExecutionContext } from '@nestjs/common';
import { ThrottlerGuard, type ThrottlerLimitDetail } from '@nestjs/throttler';
import { tooManyRequests } from '../common/errors/too-many-requests';

/** Nest's guard of limits, whose refusals are answers of ours. */
@Injectable()
export class LimitGuard extends ThrottlerGuard {
  protected override throwThrottlingException(
    _: ExecutionContext,
    { timeToBlockExpire }: ThrottlerLimitDetail,
  ): Promise<void> {
    return Promise.reject(tooManyRequests(timeToBlockExpire));
  }
}
