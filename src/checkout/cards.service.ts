import { Inject, Injectable } from '@nestjs/common';
import { AppmaxClient, orApiError } from '../appmax';
import { type Config, CONFIG } from '../config';
import { InstallationsService } from '../installations';
import type { ConfigAnswer, InstallmentAnswer, TokenAnswer } from './answers';
import { refuseRawCard } from './card-data';
import type { TokenizeDto } from './dto/card.dto';
import { readInstallmentsQuery } from './dto/installments-query';

/** With a merchant's external_id, this script collects the shopper's address and turns a card into a token. */
const SCRIPT_URL = 'https://scripts.appmax.com.br/appmax.min.js';

/** What a shop needs before it charges a card. */
@Injectable()
export class CardsService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly appmax: AppmaxClient,
    private readonly installations: InstallationsService,
  ) {}

  /** What a page needs to turn a card into a token in the browser. */
  async browserConfig(key: string): Promise<ConfigAnswer> {
    const { externalId } = await this.installations.get(key);
    return { external_id: externalId, environment: this.config.appmax.environment, script_url: SCRIPT_URL };
  }

  /** What a total costs in parcels, by their number, ascending. */
  async installments(
    key: string,
    query: { totalValue: string | undefined; installments: string | undefined },
  ): Promise<InstallmentAnswer[]> {
    const { credentials } = await this.installations.get(key);
    const plans = await orApiError(
      this.appmax.installments(credentials, readInstallmentsQuery(query)),
      'failed to fetch installments',
    );
    return plans.map(({ count, parcel, total }) => ({
      installments: count,
      value: parcel,
      total_value: total,
    }));
  }

  /** Turns a card into a token, where cards may come here at all. */
  async tokenize(key: string, card: TokenizeDto): Promise<TokenAnswer> {
    const { credentials } = await this.installations.get(key);
    refuseRawCard(this.config.cardData);
    return { token: await orApiError(this.appmax.tokenize(credentials, card), 'tokenization failed') };
  }
}
