import { Global, Module, type DynamicModule } from '@nestjs/common';
import { KeyedDigest } from './keyed-digest';
import { Sealer, type AppKeys } from './sealer';

/** The keys, and whether what none of them has sealed is read. */
export interface SecretsOptions {
  readonly keys: AppKeys;
  readonly acceptsUnsealed: boolean;
}

/** What is done with APP_KEY, for all modules. */
@Global()
@Module({})
export class SecretsModule {
  static forRoot({ keys, acceptsUnsealed }: SecretsOptions): DynamicModule {
    return {
      module: SecretsModule,
      providers: [
        { provide: Sealer, useValue: new Sealer(keys, { acceptsUnsealed }) },
        { provide: KeyedDigest, useValue: new KeyedDigest(keys) },
      ],
      exports: [Sealer, KeyedDigest],
    };
  }
}
