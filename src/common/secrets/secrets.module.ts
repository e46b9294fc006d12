import { type DynamicModule, Global, Module } from '@nestjs/common';
import { KeyedDigest } from './keyed-digest';
import { type AppKeys, Sealer } from './sealer';

/** The keys, and the option to accept texts that are not sealed. */
export interface SecretsOptions {
  readonly keys: AppKeys;
  readonly acceptsUnsealed: boolean;
}

/** The module for everything that uses APP_KEY: sealing and digests. */
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
