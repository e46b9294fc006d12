import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE, Reflector } from '@nestjs/core';
import { AdminModule } from './admin';
import { CacheModule } from './cache';
import { CheckoutModule } from './checkout';
import { AccessGuard } from './common/access/access.guard';
import { SecretKeys } from './common/access/secret-keys';
import { ApiExceptionFilter } from './common/errors/exception.filter';
import { QueryGuard } from './common/http/query.guard';
import { OpenApiModule } from './common/openapi/openapi.module';
import { SecretsModule } from './common/secrets/secrets.module';
import { BodyPipe } from './common/validation/body.pipe';
import { type Config, ConfigModule } from './config';
import { ConsoleModule } from './console';
import { DatabaseModule, SchemaGuard } from './database';
import { HealthModule } from './health';
import { InstallationsModule } from './installations';
import { KeyLookup, KeysModule, SignIns } from './keys';
import { LimitsModule } from './limits';
import { MetricsModule } from './metrics';
import { NotificationsModule } from './notifications';
import { OrdersModule } from './orders';
import { PagesModule } from './pages';
import { PaymentsModule } from './payments';
import { PrivacyModule } from './privacy';
import { WebhooksModule } from './webhooks';

/** The root module. */
@Module({})
export class AppModule {
  static forRoot(config: Config): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.forRoot(config),
        SecretsModule.forRoot({
          keys: { current: config.appKey, previous: config.previousAppKeys },
          acceptsUnsealed: config.acceptsUnsealed,
        }),
        MetricsModule,
        DatabaseModule,
        CacheModule,
        LimitsModule,
        KeysModule,
        InstallationsModule,
        OrdersModule,
        PaymentsModule,
        CheckoutModule,
        WebhooksModule,
        NotificationsModule,
        AdminModule,
        PrivacyModule,
        ConsoleModule,
        HealthModule,
        PagesModule,
        OpenApiModule,
      ],
      providers: [
        {
          provide: APP_GUARD,
          inject: [Reflector, SecretKeys, KeyLookup, SignIns],
          useFactory: (
            reflector: Reflector,
            rootKeys: SecretKeys,
            ...[storedKeys, signedIn]: [KeyLookup, SignIns]
          ) => new AccessGuard(reflector, rootKeys, storedKeys, signedIn),
        },
        { provide: APP_GUARD, useClass: SchemaGuard },
        { provide: APP_GUARD, useClass: QueryGuard },
        { provide: APP_PIPE, useClass: BodyPipe },
        { provide: APP_FILTER, useClass: ApiExceptionFilter },
      ],
    };
  }
}
