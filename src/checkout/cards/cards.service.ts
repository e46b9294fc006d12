import { Inject, Injectable } from '@nestjs/common';
import { AppmaxClient, orApiError } from '../../appmax';
import { CONFIG, type Config } from '../../config';
import { InstallationsService } from '../../installations';
import { StorefrontBudget } from '../../orders';
import type { ConfigAnswer, InstallmentAnswer, TokenAnswer } from '../answers';
import type { TokenizeDto } from '../dto/card.dto';
import { readInstallmentsQuery } from '../dto/installments-query';
import { refuseRawCard } from './card-data';
import { InstallmentPlans } from './installment-plans';

/** The routes that a shop calls before it charges a card. */
@Injectable()
export class CardsService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly appmax: AppmaxClient,
    private readonly installations: InstallationsService,
    private readonly plans: InstallmentPlans,
    private readonly budget: StorefrontBudget,
  ) {}

  /** Returns the configuration for a page that tokenizes cards in the browser. */
  async browserConfig(key: string): Promise<ConfigAnswer> {
    const { environment, scriptUrl } = this.config.appmax;
    return {
      external_id: await this.installations.browserId(key),
      environment,
      script_url: scriptUrl,
    };
  }

  /** Lists the prices of a total in installments, sorted by their number. */
  async installments(
    key: string,
    query: { totalValue: string | undefined; installments: string | undefined },
  ): Promise<InstallmentAnswer[]> {
    const merchant = await this.installations.get(key);
    const plans = await orApiError(
      this.plans.of(merchant, readInstallmentsQuery(query)),
      'failed to fetch installments',
    );
    return plans.map(({ count, installmentCents, total }) => ({
      installments: count,
      value: installmentCents,
      total_value: total,
    }));
  }

  /** Tokenizes a card, if the service accepts raw card data. */
  async tokenize(key: string, card: TokenizeDto): Promise<TokenAnswer> {
    const merchant = await this.installations.get(key);
    refuseRawCard(this.config.cardData);
    const tokenizing = this.budget.spend(merchant, 1, () => this.appmax.tokenize(merchant.credentials, card));
    return { token: await orApiError(tokenizing, 'tokenization failed') };
  }
}
