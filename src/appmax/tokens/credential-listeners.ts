import { Injectable } from '@nestjs/common';

/** Is called when Appmax's token service has judged the credentials of an installation. Its promises never reject. */
export interface CredentialListener {
  onTokenIssued(installationId: number): Promise<void>;
  onCredentialsRefused(installationId: number): Promise<void>;
}

/** The parts of other modules that follow which credentials Appmax accepts. `InstallationsModule` registers its own. */
@Injectable()
export class CredentialListeners {
  readonly all: CredentialListener[] = [];
}
