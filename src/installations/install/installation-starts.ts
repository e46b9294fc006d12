import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository, type EntityManager } from 'typeorm';
import { queryRows } from '../../database';
import { InstallationStart } from './installation-start.entity';

const LIFETIME = "interval '1 hour'";

/** An installation that is started, and whether a holder of a secret key starts it. */
export interface NewStart {
  readonly externalKey: string;
  /** What the installation will have, unless it has one already. */
  readonly externalId: string;
  readonly authorised: boolean;
}

/**
 * A public start lets its installation be finished once: by the browser that it belongs to, also if Appmax's health check
 * was here before. One that came after the key was installed is nobody's to use.
 */
const IS_OPEN_TO_ALL = `NOT s.authorised AND NOT EXISTS
  (SELECT 1 FROM installations i WHERE i.external_key = s.external_key AND i.installed_at < s.started_at)`;

/** The installations that were started here within the hour. */
@Injectable()
export class InstallationStarts {
  constructor(@InjectRepository(InstallationStart) private readonly starts: Repository<InstallationStart>) {}

  /**
   * Notes a start. One that is noted already keeps its external_id and gets another hour; a key that is installed, were
   * it only a moment ago, keeps that of its row, and is not started by everyone.
   *
   * @returns whether it was noted.
   */
  async begin({ externalKey, externalId, authorised }: NewStart): Promise<boolean> {
    await this.starts.query(`DELETE FROM installation_starts WHERE started_at < now() - ${LIFETIME}`);
    const rows = await queryRows<object>(
      this.starts,
      `INSERT INTO installation_starts AS s (external_key, external_id, authorised)
       SELECT $1::varchar, COALESCE((SELECT external_id FROM installations WHERE external_key = $1::varchar), $2), $3
       WHERE $3 OR NOT EXISTS (SELECT 1 FROM installations WHERE external_key = $1::varchar)
       ON CONFLICT (external_key) DO UPDATE SET started_at = now(), authorised = s.authorised OR excluded.authorised
       RETURNING external_id`,
      [externalKey, externalId, authorised],
    );
    return rows.length === 1;
  }

  /** Notes that Appmax is being asked for the credentials, for at most so many seconds. */
  async beginGenerating(externalKey: string, seconds: number): Promise<void> {
    await this.starts.query(
      `UPDATE installation_starts SET generating_until = now() + make_interval(secs => $2) WHERE external_key = $1`,
      [externalKey, seconds],
    );
  }

  async endGenerating(externalKey: string): Promise<void> {
    await this.starts.update({ externalKey }, { generatingUntil: null });
  }

  async find(externalKey: string): Promise<InstallationStart | null> {
    return this.starts
      .createQueryBuilder('start')
      .where('start.externalKey = :externalKey', { externalKey })
      .andWhere(`start.startedAt >= now() - ${LIFETIME}`)
      .getOne();
  }

  /**
   * The one installation whose credentials are being asked for now, for a health check that doesn't name its
   * installation. Two at once can't be told apart, and then there is none.
   */
  async findGenerating(): Promise<InstallationStart | null> {
    const generating = await this.starts
      .createQueryBuilder('start')
      .where('start.generatingUntil > now()')
      .limit(2)
      .getMany();
    return generating.length === 1 ? (generating[0] ?? null) : null;
  }

  /** Whether there is a start that a hash of a public one may use. */
  async isOpenToAll(externalKey: string): Promise<boolean> {
    const rows = await queryRows<object>(
      this.starts,
      `SELECT 1 FROM installation_starts s WHERE s.external_key = $1 AND ${IS_OPEN_TO_ALL}`,
      [externalKey],
    );
    return rows.length === 1;
  }

  /**
   * Uses a start up: of several that come back with a hash of the same key, one may.
   *
   * @param authorised whether it was a holder of a secret key who started what comes back.
   * @returns false where there is no start to use.
   */
  async use(externalKey: string, authorised: boolean, manager: EntityManager): Promise<boolean> {
    const rows = await queryRows<object>(
      manager,
      `DELETE FROM installation_starts s WHERE s.external_key = $1 AND ($2 OR ${IS_OPEN_TO_ALL}) RETURNING external_key`,
      [externalKey, authorised],
    );
    return rows.length === 1;
  }
}
