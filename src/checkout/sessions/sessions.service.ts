import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { PAYMENT_METHODS } from '../../appmax';
import type { FieldError } from '../../common/errors/api-error';
import { isRecord } from '../../common/is-record';
import { type Page, pageOf } from '../../common/listing/page';
import { KeyedDigest } from '../../common/secrets/keyed-digest';
import { INT32_MAX } from '../../common/validation/validators';
import { CONFIG, type Config } from '../../config';
import { InstallationsService } from '../../installations';
import { sessionCompleted } from '../../payments';
import type { SessionAnswer } from './answers';
import type { CreateSessionDto } from './dto/session.dto';
import { invalidFields, referenceUsed, sessionNotFound } from './errors';
import type { NewSession, SessionRow } from './session';
import { type SessionListRequest, SessionsRepository } from './sessions.repository';
import { ShopperData } from './shopper-data';

/** 256 random bits. Logs mask a part of a path of this length. */
const ID_BYTES = 32;
const ID = /^cs_[\w-]{43}$/;
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** The columns of a session that the shopper can not change. */
type PricedSession = Omit<
  NewSession,
  'public_id' | 'installation_id' | 'reference' | 'request_digest' | 'customer' | 'expires_in_minutes'
>;

/** Makes sessions for the shop's server, and shows and ends them. */
@Injectable()
export class SessionsService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly installations: InstallationsService,
    private readonly sessions: SessionsRepository,
    private readonly shoppers: ShopperData,
    private readonly digest: KeyedDigest,
  ) {}

  /** Makes a session. The same reference and body again get the first session. @throws ApiError 409 for another body. */
  async create(key: string, body: CreateSessionDto): Promise<SessionAnswer> {
    const { installationId } = await this.installations.get(key);
    const priced = this.priced(body);
    const publicId = `cs_${randomBytes(ID_BYTES).toString('base64url')}`;
    const { customer, reference = null } = body;
    const digests = this.digest.of(canonical({ ...priced, customer, minutes: body.expires_in_minutes }));
    const isNew = await this.sessions.insert({
      ...priced,
      public_id: publicId,
      installation_id: installationId,
      reference,
      request_digest: digests[0],
      customer: customer === undefined ? null : this.shoppers.seal('customer', publicId, customer),
      expires_in_minutes: body.expires_in_minutes,
    });
    const row =
      isNew || reference === null
        ? await this.sessions.byPublicId(publicId)
        : await this.sessions.byReference(installationId, reference);
    if (row === undefined) throw sessionNotFound();
    if (!isNew && !digests.includes(row.request_digest)) throw referenceUsed();
    return this.answer(row);
  }

  async list(key: string, request: SessionListRequest): Promise<Page<SessionAnswer>> {
    const { installationId } = await this.installations.get(key);
    const rows = await this.sessions.list(installationId, request);
    return pageOf(rows, request, (row) => this.answer(row));
  }

  async get(key: string, publicId: string): Promise<SessionAnswer> {
    return this.answer(await this.ofShop(key, publicId));
  }

  /** Expires a session; an expired one stays so. @throws ApiError 409 if it is completed. */
  async expire(key: string, publicId: string): Promise<SessionAnswer> {
    const { id } = await this.ofShop(key, publicId);
    await this.sessions.expire(id);
    const row = await this.find(publicId);
    if (row.state === 'completed') throw sessionCompleted();
    return this.answer(row);
  }

  /** Finds a session by its id. @throws ApiError 404 `session not found`. */
  async find(publicId: string): Promise<SessionRow> {
    const row = ID.test(publicId) ? await this.sessions.byPublicId(publicId) : undefined;
    if (row === undefined) throw sessionNotFound();
    return row;
  }

  private async ofShop(key: string, publicId: string): Promise<SessionRow> {
    const { installationId } = await this.installations.get(key);
    const row = await this.find(publicId);
    if (row.installation_id !== installationId) throw sessionNotFound();
    return row;
  }

  /** Returns the columns that the shopper can not change. @throws ApiError 400 for an amount or an address. */
  private priced(body: CreateSessionDto): PricedSession {
    const items = body.items.map(({ sku, name, quantity, unit_value, type, image_url }) => ({
      sku,
      name,
      quantity,
      unit_value,
      ...(type === undefined ? {} : { type }),
      ...(image_url === undefined ? {} : { image_url }),
    }));
    const { shipping_value: shipping = 0, discount_value: discount = 0, metadata } = body;
    const products = items.reduce((sum, { quantity, unit_value }) => sum + quantity * unit_value, 0);
    const total = products + shipping - discount;
    const errors: FieldError[] = [];
    if (products > INT32_MAX || total < 1 || total > INT32_MAX)
      errors.push({
        field: 'items',
        message: `the total (items + shipping_value - discount_value) must be from 1 to ${INT32_MAX} cents`,
      });
    for (const field of ['success_url', 'cancel_url'] as const)
      if (!this.isAllowed(body[field]))
        errors.push({ field, message: `${field} must be an https:// address` });
    items.forEach(({ image_url: image }, index) => {
      if (!this.isAllowed(image))
        errors.push({ field: `items.${index}.image_url`, message: 'image_url must be an https:// address' });
    });
    if (errors.length > 0) throw invalidFields(...errors);
    return {
      items,
      products_cents: products,
      shipping_cents: shipping,
      discount_cents: discount,
      methods: PAYMENT_METHODS.filter((method) => (body.methods ?? PAYMENT_METHODS).includes(method)),
      max_installments: body.max_installments ?? 12,
      metadata: metadata ?? null,
      success_url: body.success_url ?? null,
      cancel_url: body.cancel_url ?? null,
      locale: body.locale ?? null,
    };
  }

  /** Returns true for an https address, and in a local environment for http on this machine. */
  private isAllowed(address: string | undefined): boolean {
    if (address === undefined) return true;
    const url = URL.canParse(address) ? new URL(address) : undefined;
    if (url === undefined || url.username !== '' || url.password !== '') return false;
    const isLocal = this.config.environment !== 'production' && LOOPBACK.test(url.hostname);
    return url.protocol === 'https:' || (url.protocol === 'http:' && isLocal);
  }

  private answer(row: SessionRow): SessionAnswer {
    return {
      id: row.public_id,
      url: `${this.config.publicUrl}/pay/${row.public_id}`,
      status: row.state,
      total_value: row.total_cents,
      ...(row.reference === null ? {} : { reference: row.reference }),
      ...(row.order_id === null ? {} : { order_id: row.order_id }),
      ...(row.order_status === null ? {} : { order_status: row.order_status }),
      ...(row.payment_method === null ? {} : { payment_method: row.payment_method }),
      expires_at: row.expires_at.toISOString(),
      created_at: row.created_at.toISOString(),
      ...(row.metadata === null ? {} : { metadata: row.metadata }),
    };
  }
}

/** Sorts the fields of objects, so that equal bodies have equal digests. */
function canonical(value: object): object {
  const sort = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(sort);
    if (!isRecord(part)) return part;
    return Object.fromEntries(
      Object.keys(part)
        .sort()
        .map((name) => [name, sort(part[name])]),
    );
  };
  return sort(value) as object;
}
