import { ApiProperty } from '@nestjs/swagger';
import { isoTime } from '../../common/listing/page';
import { Instant, RowId } from '../../common/openapi/fields';
import { OneOf } from '../../common/validation/validators';
import { NOTIFICATION_TYPES } from '../notification-list';

/** The reasons for which an endpoint is disabled. */
export const DISABLED_REASONS = ['failing', 'operator'] as const;

/** The types of notifications that an endpoint can get. `*`: all, also those that are added later. */
export const ENDPOINT_EVENTS = ['*', ...NOTIFICATION_TYPES] as const;
export type EndpointEvent = (typeof ENDPOINT_EVENTS)[number];

/** Returns the events in the order of the documentation, each once. All events are `['*']`. */
export function normalizeEvents(events: readonly EndpointEvent[]): EndpointEvent[] {
  return events.includes('*') ? ['*'] : ENDPOINT_EVENTS.filter((each) => events.includes(each));
}

/** An endpoint, without its secrets. */
export class EndpointSummary {
  @RowId()
  id: number;

  @ApiProperty({ description: 'The address.', example: 'https://shop.example.com/appmax' })
  url: string;

  @ApiProperty({
    description: 'The `external_key` of the only shop whose changes it gets; null: all shops.',
    type: 'string',
    nullable: true,
    example: 'shop-42',
  })
  external_key: string | null;

  @ApiProperty({
    description: 'The types of notifications that it gets. `["*"]`: all, also those that are added later.',
    enum: ENDPOINT_EVENTS,
    isArray: true,
    example: ['*'],
  })
  events: EndpointEvent[];

  @OneOf(['enabled', 'disabled'], {
    description:
      'A disabled endpoint gets nothing; what it misses is kept for 30 days by default, and sent when it is enabled.',
    example: 'enabled',
  })
  status: 'enabled' | 'disabled';

  @ApiProperty({
    description: '`failing`: it has failed for three days. `operator`: it was disabled with a key.',
    enum: DISABLED_REASONS,
    nullable: true,
    example: null,
  })
  disabled_reason: (typeof DISABLED_REASONS)[number] | null;

  @Instant('When it was disabled.', { nullable: true })
  disabled_at: string | null;

  @Instant('Since when it has accepted nothing; null if its last attempt succeeded.', { nullable: true })
  failing_since: string | null;

  @ApiProperty({ description: 'True if it is set by NOTIFY_URL.', example: false })
  is_from_environment: boolean;

  @Instant('Until when the previous secret signs, too; null: it does not.', { nullable: true })
  previous_secret_expires_at: string | null;

  @Instant('When it was made.')
  created_at: string;
}

/** An endpoint with its new secret. */
export class EndpointWithSecret extends EndpointSummary {
  @ApiProperty({
    description: 'The secret with which notifications are signed. It is shown only now.',
    example: 'whsec_cmVwbGFjZS10aGlzLXdpdGgtdGhlLXNlY3JldA==',
  })
  secret: string;
}

/** An endpoint to make. */
export interface NewEndpoint {
  readonly url: string;
  /** Undefined: that of the key, or all shops. */
  readonly externalKey: string | undefined;
  /** Undefined: all. */
  readonly events: readonly EndpointEvent[] | undefined;
}

/** The changed fields of an endpoint. */
export interface EndpointChange {
  readonly url?: string | undefined;
  readonly events?: readonly EndpointEvent[] | undefined;
  readonly enabled?: boolean | undefined;
}

type InstantName = 'disabled_at' | 'failing_since' | 'previous_secret_expires_at';

/** A row with the columns of {@link ENDPOINT_COLUMNS}. */
export type EndpointRow = Omit<EndpointSummary, InstantName | 'created_at' | 'status'> &
  Readonly<Record<InstantName, Date | null>> & { readonly created_at: Date };

/** SQL: the columns of an {@link EndpointRow}. */
export const ENDPOINT_COLUMNS = `e.id, e.url, i.external_key, e.events, e.disabled_reason, e.disabled_at, e.failing_since,
  e.is_from_environment, e.created_at,
  CASE WHEN e.previous_secret_expires_at > clock_timestamp() THEN e.previous_secret_expires_at END
    AS previous_secret_expires_at`;

/** SQL: the endpoints as `e`, also deleted ones, with their shops as `i`. */
export const FROM_ENDPOINTS =
  'FROM notification_endpoints e LEFT JOIN installations i ON i.id = e.installation_id';

export function toEndpointSummary(row: EndpointRow): EndpointSummary {
  return {
    ...row,
    status: row.disabled_at === null ? 'enabled' : 'disabled',
    disabled_at: isoTime(row.disabled_at),
    failing_since: isoTime(row.failing_since),
    previous_secret_expires_at: isoTime(row.previous_secret_expires_at),
    created_at: row.created_at.toISOString(),
  };
}
