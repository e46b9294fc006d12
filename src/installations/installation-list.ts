import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, LessThan, Repository } from 'typeorm';
import { isoTime, pageOf, rowsToRead, type Page, type PageRequest } from '../common/listing/page';
import { Installation } from './installation.entity';

/** An installation as an operator sees it: without its credentials. */
export class InstallationSummary {
  id: number;
  external_key: string;
  external_id: string;
  app_id: string;
  installed_at: string | null;
  created_at: string | null;
  updated_at: string | null;
}

export interface InstallationListRequest extends PageRequest {
  readonly external_key?: string | undefined;
}

const SHOWN = {
  id: true,
  externalKey: true,
  externalId: true,
  appId: true,
  installedAt: true,
  createdAt: true,
  updatedAt: true,
} as const;

/** The installations for an operator to look through, and their names for those who list what belongs to them. */
@Injectable()
export class InstallationList {
  constructor(@InjectRepository(Installation) private readonly installations: Repository<Installation>) {}

  /** Newest first. */
  async list(request: InstallationListRequest): Promise<Page<InstallationSummary>> {
    const { external_key: externalKey, cursor } = request;
    const rows = await this.installations.find({
      select: SHOWN,
      where: {
        ...(externalKey === undefined ? {} : { externalKey }),
        ...(cursor === undefined ? {} : { id: LessThan(cursor) }),
      },
      order: { id: 'DESC' },
      take: rowsToRead(request),
    });
    return pageOf(rows, request, toSummary);
  }

  async idOf(externalKey: string): Promise<number | undefined> {
    const installation = await this.installations.findOne({ select: { id: true }, where: { externalKey } });
    return installation?.id;
  }

  /** The external_keys of installations by their ids. */
  async externalKeys(ids: readonly number[]): Promise<ReadonlyMap<number, string>> {
    const rows = await this.installations.find({
      select: { id: true, externalKey: true },
      where: { id: In([...new Set(ids)]) },
    });
    return new Map(rows.map(({ id, externalKey }) => [id, externalKey]));
  }
}

function toSummary(installation: Installation): InstallationSummary {
  const { id, externalKey, externalId, appId, installedAt, createdAt, updatedAt } = installation;
  return {
    id,
    external_key: externalKey,
    external_id: externalId,
    app_id: appId,
    installed_at: isoTime(installedAt),
    created_at: isoTime(createdAt),
    updated_at: isoTime(updatedAt),
  };
}
