import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AppmaxModule, CredentialListeners } from '../appmax';
import { CredentialProof } from './credentials/credential-proof';
import { CredentialRefusals } from './credentials/credential-refusals';
import { KeyRotation } from './credentials/key-rotation';
import { MerchantTokenController } from './credentials/merchant-token.controller';
import { GuessLimit } from './install/guess-limit';
import { HealthCheck } from './install/health-check';
import { InstallController } from './install/install.controller';
import { InstallFlow } from './install/install-flow';
import { CredentialRequests } from './install/starts/credential-requests';
import { InstallationStart } from './install/starts/installation-start.entity';
import { InstallationStarts } from './install/starts/installation-starts';
import { Installation } from './installation.entity';
import { InstallationCache } from './installation-cache';
import { InstallationList } from './installation-list';
import { InstallationsService } from './installations.service';

/** The module for merchants: the installation flow, and the stored installations with their credentials. */
@Module({
  imports: [TypeOrmModule.forFeature([Installation, InstallationStart]), AppmaxModule],
  controllers: [InstallController, MerchantTokenController],
  providers: [
    CredentialProof,
    CredentialRefusals,
    CredentialRequests,
    GuessLimit,
    HealthCheck,
    InstallFlow,
    InstallationCache,
    InstallationList,
    InstallationStarts,
    InstallationsService,
    KeyRotation,
  ],
  exports: [InstallationList, InstallationsService, KeyRotation],
})
export class InstallationsModule {
  constructor(credentials: CredentialListeners, refusals: CredentialRefusals, cache: InstallationCache) {
    credentials.all.push(refusals, cache);
  }
}
