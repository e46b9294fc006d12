import { Inject, Injectable } from '@nestjs/common';
import { AppmaxClient, type PaymentMethod } from '../../appmax';
import { CONFIG, type Config } from '../../config';
import { boleto } from './boleto';
import { creditCard } from './credit-card';
import type { PaymentMethodHandler, PaymentMethodHandlers, PaymentRequests } from './payment-method';
import { pix } from './pix';

/** Provides the handler of each payment method. */
@Injectable()
export class PaymentMethods {
  private readonly handlers: PaymentMethodHandlers;

  constructor(@Inject(CONFIG) { appmax: config }: Config, appmax: AppmaxClient) {
    this.handlers = {
      credit_card: creditCard(appmax, config),
      pix: pix(appmax, config),
      boleto: boleto(appmax, config),
    };
  }

  of<Method extends PaymentMethod>(method: Method): PaymentMethodHandler<PaymentRequests[Method]> {
    return this.handlers[method];
  }
}
