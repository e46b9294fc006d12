import { Injectable } from '@nestjs/common';
import type { AppmaxCustomer } from '../../appmax';
import type { FieldError } from '../../common/errors/api-error';
import { maskDigits, maskEmail } from '../../common/masking';
import { Sealer } from '../../common/secrets/sealer';
import { invalidFields } from './errors';
import type { SessionRow } from './session';

/** The personal data that Appmax requires of a customer. */
export const REQUIRED_FIELDS = ['first_name', 'last_name', 'email', 'phone', 'document_number'] as const;
export type RequiredField = (typeof REQUIRED_FIELDS)[number];

/** The known data of a shopper. */
export type KnownShopper = Partial<Omit<AppmaxCustomer, 'products'>>;

type Sealed = Pick<SessionRow, 'public_id' | 'customer' | 'shopper'>;

const maskName = (name: string): string => `${[...name][0] ?? ''}…`;

const MASKS: Readonly<Record<RequiredField, (text: string) => string>> = {
  first_name: maskName,
  last_name: maskName,
  email: maskEmail,
  phone: maskDigits,
  document_number: maskDigits,
};

/** Seals the personal data of sessions, and tells what is missing of it. */
@Injectable()
export class ShopperData {
  constructor(private readonly sealer: Sealer) {}

  seal(column: 'customer' | 'shopper', publicId: string, data: KnownShopper): string {
    return this.sealer.seal(JSON.stringify(data), contextOf(column, publicId));
  }

  /** Returns what is known of the shopper: what the shop gave, else what was typed now, else what was typed before. */
  known(session: Sealed, typed: KnownShopper = {}): KnownShopper {
    return { ...this.open('shopper', session), ...defined(typed), ...this.open('customer', session) };
  }

  /** Returns the required fields that are not known. */
  missing(known: KnownShopper): RequiredField[] {
    return REQUIRED_FIELDS.filter((name) => known[name] === undefined);
  }

  /** Returns the required fields that the shopper has typed, and may correct: the shop has not given them. */
  typed(session: Sealed): RequiredField[] {
    const given = this.open('customer', session);
    const typed = this.open('shopper', session);
    return REQUIRED_FIELDS.filter((name) => given[name] === undefined && typed[name] !== undefined);
  }

  /** Returns what is known for a page, masked: who has the address of the page may not be the shopper. */
  masked(known: KnownShopper): Partial<Record<RequiredField, string>> {
    const entries = REQUIRED_FIELDS.flatMap((name) => {
      const text = known[name];
      return text === undefined ? [] : [[name, MASKS[name](text)] as const];
    });
    return Object.fromEntries(entries);
  }

  /** Returns the customer for Appmax. @throws ApiError 400 that names the missing fields. */
  customer(known: KnownShopper, callerIp: string): AppmaxCustomer {
    const errors = this.missing(known).map((name): FieldError => ({
      field: `customer.${name}`,
      message: `${name} is required`,
    }));
    if (errors.length > 0) throw invalidFields(...errors);
    return { ...(known as Omit<AppmaxCustomer, 'ip'>), ip: known.ip ?? callerIp };
  }

  /**
   * Opens a column. What the shopper typed counts as not given if no known key opens it: the shopper types it again.
   *
   * @throws SealError if no known key opens what the shop gave: another customer must not take its place.
   */
  private open(column: 'customer' | 'shopper', session: Sealed): KnownShopper {
    const sealed = session[column];
    if (sealed === null) return {};
    const context = contextOf(column, session.public_id);
    const text =
      column === 'customer' ? this.sealer.open(sealed, context) : this.sealer.tryOpen(sealed, context);
    return text === undefined ? {} : (JSON.parse(text) as KnownShopper);
  }
}

/** The encryption context of a column of a session. */
export const contextOf = (column: string, publicId: string): string[] => [
  'checkout_sessions',
  column,
  publicId,
];

function defined(data: KnownShopper): KnownShopper {
  return Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined));
}
