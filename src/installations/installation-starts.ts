import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { InstallationStart } from './installation-start.entity';

const LIFETIME = "interval '1 hour'";

/** The installations that were started here within the hour. */
@Injectable()
export class InstallationStarts {
  constructor(@InjectRepository(InstallationStart) private readonly starts: Repository<InstallationStart>) {}

  /**
   * Notes a start. One that is noted already keeps its external_id and gets another hour; a key that is installed, were
   * it only a moment ago, keeps that of its row.
   */
  async begin(externalKey: string, externalId: string): Promise<void> {
    await this.starts.query(`DELETE FROM installation_starts WHERE started_at < now() - ${LIFETIME}`);
    await this.starts.query(
      `INSERT INTO installation_starts (external_key, external_id)
       VALUES ($1::varchar, COALESCE((SELECT external_id FROM installations WHERE external_key = $1::varchar), $2))
       ON CONFLICT (external_key) DO UPDATE SET started_at = now()`,
      [externalKey, externalId],
    );
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

  async end(externalKey: string): Promise<void> {
    await this.starts.delete({ externalKey });
  }
}
