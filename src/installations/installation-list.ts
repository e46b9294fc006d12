import { Injectable } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { InjectRepository } from '@nestjs/typeorm';
import { And, Equal, In, LessThan, Repository } from 'typeorm';
import { isoTime, type Page, pageOf, type PageRequest, rowsToRead } from '../common/listing/page';
import { Instant, RowId } from '../common/openapi/fields';
import { Text } from '../common/validation/validators';
import { CredentialRefusals } from './credentials/credential-refusals';
import { Installation } from './installation.entity';

/** An installation as an operator sees it: without its credentials. */
export class InstallationSummary {
  @RowId()
  id: number;

  @Text(255, { description: "The merchant's key.", example: 'shop-42' })
  external_key: string;

  @ApiProperty({
    description: "The installation's id, which Appmax's browser script needs.",
    example: 'b7c1f2de-6a3b-4a52-9a0e-5f2f5f4b8c11',
  })
  external_id: string;

  @ApiProperty({ description: 'The app that was installed.', example: '4711' })
  app_id: string;

  @Instant('The time of the last installation.', { nullable: true })
  installed_at: string | null;

  @Instant('The time of the first installation.', { nullable: true })
  created_at: string | null;

  @Instant('The time of the last change.', { nullable: true })
  updated_at: string | null;

  @Instant('The time since which Appmax refuses the credentials: the merchant has uninstalled the app.', {
    required: false,
  })
  credentials_refused_since?: string;
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

/** Lists installations for operators, and maps between their ids and external_keys. */
@Injectable()
export class InstallationList {
  constructor(
    @InjectRepository(Installation) private readonly installations: Repository<Installation>,
    private readonly refusals: CredentialRefusals,
  ) {}

  /** Lists installations, newest first. @param shop the only shop that is listed; undefined: all. */
  async list(request: InstallationListRequest, shop?: string): Promise<Page<InstallationSummary>> {
    const { external_key: externalKey, cursor } = request;
    const wanted = [externalKey, shop].filter((key) => key !== undefined);
    const rows = await this.installations.find({
      select: SHOWN,
      where: {
        ...(wanted.length === 0 ? {} : { externalKey: And(...wanted.map((key) => Equal(key))) }),
        ...(cursor === undefined ? {} : { id: LessThan(cursor) }),
      },
      order: { id: 'DESC' },
      take: rowsToRead(request),
    });
    const refused = await this.refusals.since(rows.map(({ id }) => id));
    return pageOf(rows, request, (row) => toSummary(row, refused.get(row.id)));
  }

  async idOf(externalKey: string): Promise<number | undefined> {
    const installation = await this.installations.findOne({ select: { id: true }, where: { externalKey } });
    return installation?.id;
  }

  /** Finds the external_keys of installations by their ids. */
  async externalKeys(ids: readonly number[]): Promise<ReadonlyMap<number, string>> {
    const rows = await this.installations.find({
      select: { id: true, externalKey: true },
      where: { id: In([...new Set(ids)]) },
    });
    return new Map(rows.map(({ id, externalKey }) => [id, externalKey]));
  }
}

function toSummary(installation: Installation, refusedSince?: Date): InstallationSummary {
  const { id, externalKey, externalId, appId, installedAt, createdAt, updatedAt } = installation;
  return {
    id,
    external_key: externalKey,
    external_id: externalId,
    app_id: appId,
    installed_at: isoTime(installedAt),
    created_at: isoTime(createdAt),
    updated_at: isoTime(updatedAt),
    ...(refusedSince === undefined ? {} : { credentials_refused_since: refusedSince.toISOString() }),
  };
}
