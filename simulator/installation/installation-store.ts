import { BoundedMap } from '../common/bounded-map';
import { randomHex } from '../common/identifiers';
import { type Merchant } from '../merchants/merchant';
import { type MerchantCredentials } from '../merchants/merchant-credentials';

const KEPT_INSTALLATIONS = 50_000;

/** An installation in progress, identified by its hash. */
export interface Installation {
  readonly hash: string;
  readonly externalKey: string;
  readonly callbackUrl: string;
  readonly domainNames: readonly string[];
  /** Milliseconds of the simulated clock. */
  readonly expiresAt: number;
  /**
   * `started` until the merchant consents, `authorized` until the service requests the credentials, `generating`
   * during that request, `used` afterwards.
   */
  state: 'started' | 'authorized' | 'generating' | 'used';
  /** The merchant that consented. */
  merchant: Merchant | null;
  /** The merchant's credentials. G1 creates them on consent, G2 when the service requests them. */
  credentials: MerchantCredentials | null;
}

/** The installations by hash. A hash can be used once. */
export class InstallationStore {
  private readonly installations = new BoundedMap<string, Installation>(KEPT_INSTALLATIONS);

  start(
    details: Pick<Installation, 'externalKey' | 'callbackUrl' | 'domainNames' | 'expiresAt'>,
  ): Installation {
    const installation: Installation = {
      ...details,
      hash: randomHex(20),
      state: 'started',
      merchant: null,
      credentials: null,
    };
    this.installations.set(installation.hash, installation);
    return installation;
  }

  /** Returns the installation with this hash, unless it is unknown or has expired. */
  find(hash: string, now: number): Installation | undefined {
    const installation = this.installations.get(hash);
    return installation !== undefined && installation.expiresAt > now ? installation : undefined;
  }

  clear(): void {
    this.installations.clear();
  }
}
