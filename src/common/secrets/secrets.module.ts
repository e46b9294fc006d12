import { Global, Module, type DynamicModule } from '@nestjs/common';
import { KeyedDigest } from './keyed-digest';
import { Sealer, type AppKeys } from './sealer';

/** What is done with APP_KEY, for all rooms. */
@Global()
@Module({})
export class SecretsModule {
  static forRoot(keys: AppKeys): DynamicModule {
    return {
      module: SecretsModule,
      providers: [
        { provide: Sealer, useValue: new Sealer(keys) },
        { provide: KeyedDigest, useValue: new KeyedDigest(keys) },
      ],
      exports: [Sealer, KeyedDigest],
    };
  }
}
