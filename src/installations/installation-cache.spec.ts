import type { DataSource } from 'typeorm';
import type { Config } from '../config';
import type { Notifications } from '../database';
import { CACHED_INSTALLATIONS, InstallationCache } from './installation-cache';

type NotificationListener = Parameters<Notifications['listen']>[0];

interface Merchant {
  readonly installationId: number;
}

/** A listening connection that a test controls. */
class Announcements {
  listener: NotificationListener | undefined;
  refusals = 0;
  arrive = true;

  listen(listener: NotificationListener): Promise<boolean> {
    if (this.refusals > 0) {
      this.refusals -= 1;
      return Promise.reject(new Error('The database cannot be reached'));
    }
    this.listener = listener;
    return Promise.resolve(this.arrive);
  }
}

/** The installations of a database, and how often each was read. */
class Installations {
  readonly reads: string[] = [];
  readonly ids = new Map<string, number>();

  read(key: string): () => Promise<Merchant | undefined> {
    return () => {
      this.reads.push(key);
      const installationId = this.ids.get(key);
      return Promise.resolve(installationId === undefined ? undefined : { installationId });
    };
  }
}

let announcements: Announcements;
let installations: Installations;

beforeEach(() => {
  announcements = new Announcements();
  installations = new Installations();
  installations.ids.set('shop', 1).set('other', 2);
});

function cacheOf(pooling = 'none', direct?: object): InstallationCache<Merchant> {
  return new InstallationCache<Merchant>(
    { database: { direct } } as unknown as Config,
    { options: { extra: { pooling } } } as unknown as DataSource,
    announcements as unknown as Notifications,
  );
}

/** Returns a cache that hears announcements; the database has not been read yet. */
async function listening(): Promise<InstallationCache<Merchant>> {
  const cache = cacheOf();
  await cache.find('shop', installations.read('shop'));
  await new Promise(setImmediate);
  installations.reads.length = 0;
  return cache;
}

describe('InstallationCache', () => {
  it('a merchant is read once', async () => {
    const cache = await listening();
    const found = [
      await cache.find('shop', installations.read('shop')),
      await cache.find('shop', installations.read('shop')),
    ];
    expect(found).toEqual([{ installationId: 1 }, { installationId: 1 }]);
    expect(installations.reads).toEqual(['shop']);
  });

  it('simultaneous calls share one reading', async () => {
    const cache = await listening();
    await Promise.all([1, 2, 3].map(() => cache.find('shop', installations.read('shop'))));
    expect(installations.reads).toEqual(['shop']);
  });

  it('an announced change drops the merchant, and no other', async () => {
    const cache = await listening();
    for (const key of ['shop', 'other']) await cache.find(key, installations.read(key));
    announcements.listener?.onMessage('shop');
    for (const key of ['shop', 'other']) await cache.find(key, installations.read(key));
    expect(installations.reads).toEqual(['shop', 'other', 'shop']);
  });

  it('an announcement of all installations drops all merchants', async () => {
    const cache = await listening();
    for (const key of ['shop', 'other']) await cache.find(key, installations.read(key));
    announcements.listener?.onMessage('');
    for (const key of ['shop', 'other']) await cache.find(key, installations.read(key));
    expect(installations.reads).toEqual(['shop', 'other', 'shop', 'other']);
  });

  it('a change that is announced during a reading drops what the reading finds', async () => {
    const cache = await listening();
    const reading = cache.find('shop', installations.read('shop'));
    announcements.listener?.onMessage('shop');
    await reading;
    await cache.find('shop', installations.read('shop'));
    expect(installations.reads).toEqual(['shop', 'shop']);
  });

  it('an unknown key is read each time, so that its installation works at once', async () => {
    const cache = await listening();
    await expect(cache.find('new', installations.read('new'))).resolves.toBeUndefined();
    installations.ids.set('new', 3);
    await expect(cache.find('new', installations.read('new'))).resolves.toEqual({ installationId: 3 });
  });

  it('a failed reading is not kept', async () => {
    const cache = await listening();
    await expect(cache.find('shop', () => Promise.reject(new Error('lost')))).rejects.toThrow('lost');
    await expect(cache.find('shop', installations.read('shop'))).resolves.toEqual({ installationId: 1 });
  });

  it('a merchant whose credentials Appmax refuses is dropped', async () => {
    const cache = await listening();
    for (const key of ['shop', 'other']) await cache.find(key, installations.read(key));
    await cache.onCredentialsRefused(1);
    for (const key of ['shop', 'other']) await cache.find(key, installations.read(key));
    expect(installations.reads).toEqual(['shop', 'other', 'shop']);
  });

  it('nothing is kept while the listening connection is lost, nor what was kept before', async () => {
    const cache = await listening();
    await cache.find('shop', installations.read('shop'));
    announcements.listener?.onLost?.();
    await cache.find('shop', installations.read('shop'));
    await cache.find('shop', installations.read('shop'));
    await announcements.listener?.onGap();
    await cache.find('shop', installations.read('shop'));
    await cache.find('shop', installations.read('shop'));
    expect(installations.reads).toEqual(['shop', 'shop', 'shop', 'shop']);
  });

  it('nothing is kept until the instance listens, and a failure to listen is tried again', async () => {
    announcements.refusals = 1;
    const cache = cacheOf();
    for (let call = 0; call < 4; call += 1) {
      await cache.find('shop', installations.read('shop'));
      await new Promise(setImmediate);
    }
    // The first call fails to listen, the second listens, the third keeps what it reads.
    expect(installations.reads).toEqual(['shop', 'shop', 'shop']);
  });

  it('nothing is kept while announcements do not arrive, although the cache listens', async () => {
    announcements.arrive = false;
    const cache = await listening();
    for (let time = 0; time < 2; time += 1) await cache.find('shop', installations.read('shop'));
    expect(installations.reads).toEqual(['shop', 'shop']);
    await announcements.listener?.onGap();
    for (let time = 0; time < 2; time += 1) await cache.find('shop', installations.read('shop'));
    expect(installations.reads).toEqual(['shop', 'shop', 'shop']);
  });

  it('nothing is kept behind a pooler in transaction mode without a direct address', async () => {
    const cache = cacheOf('transaction');
    for (let call = 0; call < 3; call += 1) {
      await cache.find('shop', installations.read('shop'));
      await new Promise(setImmediate);
    }
    expect(installations.reads).toHaveLength(3);
    expect(announcements.listener).toBeUndefined();
  });

  it('merchants are kept behind a pooler in transaction mode with a direct address', async () => {
    const cache = cacheOf('transaction', { host: 'postgres', port: 5432 });
    for (let call = 0; call < 3; call += 1) {
      await cache.find('shop', installations.read('shop'));
      await new Promise(setImmediate);
    }
    expect(installations.reads).toHaveLength(2);
  });

  it('at most a thousand merchants are kept, those that were used last', async () => {
    const cache = await listening();
    for (let id = 0; id <= CACHED_INSTALLATIONS; id += 1) {
      installations.ids.set(`shop-${id}`, id);
      await cache.find(`shop-${id}`, installations.read(`shop-${id}`));
    }
    installations.reads.length = 0;
    await cache.find(`shop-${CACHED_INSTALLATIONS}`, installations.read(`shop-${CACHED_INSTALLATIONS}`));
    await cache.find('shop-0', installations.read('shop-0'));
    expect(installations.reads).toEqual(['shop-0']);
  });
});
