import { BoundedMap } from '../common/bounded-map';
import { randomHex } from '../common/identifiers';
import { type Merchant } from '../merchants/merchant';
import { type MerchantCredentials } from '../merchants/merchant-credentials';

const KEPT_INSTALLATIONS = 50_000;

/** An installation under way, known by its hash. */
export interface Installation {
  readonly hash: string;
  readonly externalKey: string;
  readonly callbackUrl: string;
  /** Milliseconds of the simulated clock. */
  readonly expiresAt: number;
  /**
   * `started` until the merchant consents, `authorized` until credentials are asked for, `generating` while they
   * are, `used` from then on.
   */
  state: 'started' | 'authorized' | 'generating' | 'used';
  /** Who consented. */
  merchant: Merchant | null;
  /** What the merchant got on consent; in G2 they are only made when they are asked for. */
  credentials: MerchantCredentials | null;
}

/** Installations by their hash, which works once. */
export class InstallationStore {
  private readonly installations = new BoundedMap<string, Installation>(KEPT_INSTALLATIONS);

  start(details: Pick<Installation, 'externalKey' | 'callbackUrl' | 'expiresAt'>): Installation {
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

  /** The installation of that hash, unless it is unknown or has expired. */
  find(hash: string, now: number): Installation | undefined {
    const installation = this.installations.get(hash);
    return installation !== undefined && installation.expiresAt > now ? installation : undefined;
  }

  clear(): void {
    this.installations.clear();
  }
}
