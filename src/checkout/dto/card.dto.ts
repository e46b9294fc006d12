import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { MAXIMUM_INSTALLMENTS } from '../../appmax';
import type { FieldOptions } from '../../common/validation/field';
import { Document, Pattern, Text, WholeNumber } from '../../common/validation/validators';
import { UpsellHash } from '../../orders';

/** Turns numbers into texts: some clients send codes, months and years as JSON numbers. */
const digits = ({ value }: { value: unknown }): unknown =>
  typeof value === 'number' ? String(value) : value;

const withoutSeparators = ({ value }: { value: unknown }): unknown =>
  typeof value === 'string' ? value.replace(/[\s-]/g, '') : value;

const CardNumber = (options: FieldOptions = {}): PropertyDecorator =>
  applyDecorators(
    Transform(withoutSeparators),
    Pattern(/^\d{12,19}$/, 'number must be 12 to 19 digits', {
      description: "The card's number, if the service accepts raw card data.",
      example: '4000000000000010',
      ...options,
    }),
  );

const Cvv = (options: FieldOptions = {}): PropertyDecorator =>
  applyDecorators(
    Transform(digits),
    Pattern(/^\d{3,4}$/, 'cvv must be 3 or 4 digits', {
      description: 'The security code on the card.',
      example: '123',
      ...options,
    }),
  );

const ExpirationMonth = (options: FieldOptions = {}): PropertyDecorator =>
  applyDecorators(
    Transform(digits),
    Pattern(/^(0?[1-9]|1[0-2])$/, 'expiration_month must be 1 to 12', { example: '12', ...options }),
  );

const ExpirationYear = (options: FieldOptions = {}): PropertyDecorator =>
  applyDecorators(
    Transform(digits),
    Pattern(/^(\d{2}|20\d{2})$/, 'expiration_year must be like "2030" or "28"', {
      example: '2030',
      ...options,
    }),
  );

const HolderName = (): PropertyDecorator =>
  Text(255, { description: 'As it is printed on the card.', example: 'MARINA SOUZA' });

const hasNoToken = ({ token }: CardDto): boolean => typeof token !== 'string';

/** A card: either a token from the browser, or its number, security code and expiration date. */
export class CardDto {
  @Text(512, {
    description: "A card token from Appmax's browser script or the tokenize route. Valid for one payment.",
    example: 'tok_8f14e45fceea167a5a36dedd4bea2543',
    optional: true,
  })
  token?: string;

  @CardNumber({ requiredIf: hasNoToken })
  number?: string;

  @Cvv({ requiredIf: hasNoToken })
  cvv?: string;

  @ExpirationMonth({ requiredIf: hasNoToken })
  expiration_month?: string;

  @ExpirationYear({ requiredIf: hasNoToken })
  expiration_year?: string;

  @HolderName()
  holder_name: string;

  @Document()
  holder_document_number: string;

  @WholeNumber(1, MAXIMUM_INSTALLMENTS, {
    description: 'The number of installments. Default: 1.',
    example: 1,
    optional: true,
  })
  installments?: number;

  @Text(13, { description: "The text on the card's statement.", example: 'MINHA LOJA', optional: true })
  soft_descriptor?: string;

  @UpsellHash({ optional: true })
  upsell_hash?: string;
}

/** Raw card data, as the shopper typed it. */
export class TokenizeDto {
  @CardNumber()
  number: string;

  @Cvv()
  cvv: string;

  @ExpirationMonth()
  expiration_month: string;

  @ExpirationYear()
  expiration_year: string;

  @HolderName()
  holder_name: string;
}
