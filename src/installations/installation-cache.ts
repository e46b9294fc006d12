import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { LRUCache } from 'lru-cache';
import { DataSource } from 'typeorm';
import type { CredentialListener } from '../appmax';
import { CONFIG, type Config } from '../config';
import { Notifications, poolingOf } from '../database';

/** The channel on which a trigger announces each changed installation by its external_key. */
const CHANNEL = 'installations';

/** The longest time that a merchant is kept, also if an announcement is lost. */
export const INSTALLATION_CACHE_MILLISECONDS = 5_000;
export const CACHED_INSTALLATIONS = 1_000;

/** A reading of an installation that is running, or its result. */
interface Kept<Merchant> {
  readonly reading: Promise<Merchant | undefined>;
  /** Undefined while the reading runs. */
  installationId: number | undefined;
}

/**
 * Keeps merchants in memory for 5 s, at most 1,000 of them, by their external_key. A trigger announces each change of an
 * installation, and every instance then drops it. While this instance gets no announcements, nothing is kept: until it
 * listens, after the listening connection was lost, while it brings nothing, and behind a pooler in transaction mode
 * without `DB_LISTEN_HOST`.
 * Unknown keys are not kept, so that a new installation works at once. The kept credentials are decrypted; they are
 * never written anywhere.
 */
@Injectable()
export class InstallationCache<
  Merchant extends { readonly installationId: number } = { readonly installationId: number },
> implements CredentialListener {
  private readonly kept = new LRUCache<string, Kept<Merchant>>({
    max: CACHED_INSTALLATIONS,
    ttl: INSTALLATION_CACHE_MILLISECONDS,
  });
  private readonly isAllowed: boolean;
  private hearsChanges = false;
  private listening: Promise<void> | undefined;

  constructor(
    @Inject(CONFIG) { database }: Pick<Config, 'database'>,
    @InjectDataSource() dataSource: DataSource,
    private readonly notifications: Notifications,
  ) {
    // Through such a pooler, LISTEN succeeds, but no announcement arrives.
    this.isAllowed = poolingOf(dataSource) !== 'transaction' || database.direct !== undefined;
  }

  /**
   * Returns the merchant of a key: a kept one, or the result of `read`. Simultaneous calls for one key share a reading.
   */
  find(externalKey: string, read: () => Promise<Merchant | undefined>): Promise<Merchant | undefined> {
    if (!this.hearsChanges) {
      this.listen();
      return read();
    }
    const known = this.kept.get(externalKey);
    if (known !== undefined) return known.reading;
    const kept: Kept<Merchant> = { reading: read(), installationId: undefined };
    this.kept.set(externalKey, kept);
    kept.reading.then(
      (merchant) => {
        kept.installationId = merchant?.installationId;
        if (merchant === undefined) this.drop(externalKey, kept);
      },
      () => {
        this.drop(externalKey, kept);
      },
    );
    return kept.reading;
  }

  /** Drops a merchant whose installation this instance has just changed: its announcement arrives a little later. */
  forget(externalKey: string): void {
    this.kept.delete(externalKey);
  }

  /** Drops a merchant whose credentials Appmax refuses, so that the next request sees if they have been replaced. */
  onCredentialsRefused(installationId: number): Promise<void> {
    for (const [externalKey, kept] of this.kept)
      if (kept.installationId === installationId) this.kept.delete(externalKey);
    return Promise.resolve();
  }

  onTokenIssued(): Promise<void> {
    return Promise.resolve();
  }

  private drop(externalKey: string, kept: Kept<Merchant>): void {
    if (this.kept.peek(externalKey) === kept) this.kept.delete(externalKey);
  }

  /** Starts to listen. A failure is not an error of the request: the next one tries again. */
  private listen(): void {
    if (!this.isAllowed) return;
    this.listening ??= this.notifications
      .listen({
        channel: CHANNEL,
        onMessage: (externalKey) => {
          if (externalKey === '') this.kept.clear();
          else this.forget(externalKey);
        },
        onLost: () => {
          this.hearsChanges = false;
          this.kept.clear();
        },
        onGap: () => {
          this.hearsChanges = true;
          return Promise.resolve();
        },
      })
      .then((arrive) => {
        this.hearsChanges = arrive;
      })
      .catch(() => {
        this.listening = undefined;
      });
  }
}
