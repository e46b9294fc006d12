import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type EntityManager, Repository } from 'typeorm';
import { queryRows } from '../../../database';
import { InstallationStart } from './installation-start.entity';

const LIFETIME = "interval '1 hour'";

/** A new start of an installation. */
export interface NewStart {
  readonly externalKey: string;
  /** The external_id of the installation, unless it already has one. */
  readonly externalId: string;
  /** True if it is started with a secret key. */
  readonly authorised: boolean;
}

/**
 * The SQL condition for a public start that may finish its installation, also if Appmax's health check came first. A
 * public start from after the installation must not be used.
 */
const IS_OPEN_TO_ALL = `NOT s.authorised AND NOT EXISTS
  (SELECT 1 FROM installations i WHERE i.external_key = s.external_key AND i.installed_at < s.started_at)`;

/** The repository of starts; a start is valid for 1 hour. */
@Injectable()
export class InstallationStarts {
  constructor(@InjectRepository(InstallationStart) private readonly starts: Repository<InstallationStart>) {}

  /**
   * Saves a start. An existing start keeps its external_id and is valid for another hour. If the external_key is
   * already installed, the start gets the installation's external_id and needs a secret key.
   *
   * @returns true if the start was saved.
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

  async find(externalKey: string): Promise<InstallationStart | null> {
    return this.starts
      .createQueryBuilder('start')
      .where('start.externalKey = :externalKey', { externalKey })
      .andWhere(`start.startedAt >= now() - ${LIFETIME}`)
      .getOne();
  }

  /** Returns true if the key has a start that the hash of a public start may use. */
  async isOpenToAll(externalKey: string): Promise<boolean> {
    const rows = await queryRows<object>(
      this.starts,
      `SELECT 1 FROM installation_starts s WHERE s.external_key = $1 AND ${IS_OPEN_TO_ALL}`,
      [externalKey],
    );
    return rows.length === 1;
  }

  /**
   * Deletes a start to finish its installation: of several hashes for the same key, only one can.
   *
   * @param authorised true if the hash is from a start with a secret key.
   * @returns false if there is no start to use.
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
