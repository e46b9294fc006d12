export { KeyRotation } from './credentials/key-rotation';
export { installationNotFound } from './errors';
export { InstallationList, type InstallationListRequest, InstallationSummary } from './installation-list';
export { InstallationsModule } from './installations.module';
export { InstallationsService, type Merchant } from './installations.service';
