import { Injectable } from '@nestjs/common';
import { AppmaxClient } from '../../appmax';
import { AppCache, cacheKeys } from '../../cache';
import { endHeadRequest } from '../../common/http/request-context';
import type { Merchant } from '../../installations';
import { StorefrontBudget } from '../../orders';

type Plans = Awaited<ReturnType<AppmaxClient['installments']>>;

/** A total in cents, and the maximum number of installments. */
interface PlansRequest {
  readonly totalCents: number;
  readonly installments: number;
}

/**
 * Reads Appmax's installment plans of a shop, and keeps them for some minutes: they change only with the shop's
 * settings at Appmax. Equal requests that come while Appmax is asked share its answer.
 */
@Injectable()
export class InstallmentPlans {
  private readonly asking = new Map<string, Promise<Plans>>();

  constructor(
    private readonly appmax: AppmaxClient,
    private readonly cache: AppCache,
    private readonly budget: StorefrontBudget,
  ) {}

  /** Returns the plans, from the cache or from Appmax. @throws AppmaxFailure; ApiError 429 above the shop's budget. */
  async of(merchant: Merchant, request: PlansRequest): Promise<Plans> {
    const { key, seconds } = cacheKeys.installments(
      merchant.installationId,
      request.totalCents,
      request.installments,
    );
    const cached = await this.cache.get<{ plans: Plans }>(key);
    if (cached !== undefined) return cached.plans;
    // A HEAD ends here: its end must not be the answer of the requests that share the call.
    endHeadRequest();
    // Set only after the budget allowed the call, so a refusal of one caller is never shared.
    const running = this.asking.get(key);
    if (running !== undefined) return running;
    return this.budget.spend(merchant, 1, () => {
      const asking = this.asking.get(key) ?? this.ask(merchant, request, { key, seconds });
      this.asking.set(key, asking);
      return asking;
    });
  }

  private async ask(
    { credentials }: Merchant,
    request: PlansRequest,
    { key, seconds }: { key: string; seconds: number },
  ): Promise<Plans> {
    try {
      // Another request may have been answered while this one waited for the budget.
      const cached = await this.cache.get<{ plans: Plans }>(key);
      if (cached !== undefined) return cached.plans;
      const plans = await this.appmax.installments(credentials, request);
      await this.cache.set(key, { plans }, seconds);
      return plans;
    } finally {
      this.asking.delete(key);
    }
  }
}
