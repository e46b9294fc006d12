import { OmitType, PartialType } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, ArrayUnique, IsArray, IsIn, ValidateBy } from 'class-validator';
import { MAXIMUM_INSTALLMENTS, PAYMENT_METHODS, type PaymentMethod } from '../../../appmax';
import { isRecord } from '../../../common/is-record';
import { EnumFilter, ListQueryDto, TextFilter } from '../../../common/listing/list-query.dto';
import { field, type FieldOptions } from '../../../common/validation/field';
import { ListOf, Nested } from '../../../common/validation/nested';
import { Cents, OneOf, Text, WholeNumber } from '../../../common/validation/validators';
import { CustomerDto, ProductDto } from '../../dto/customer.dto';
import { LOCALES, type SessionState, STATES } from '../session';

const MAXIMUM_ITEMS = 200;
const LONGEST_URL = 2048;
const DEFAULT_MINUTES = 1440;
const MAXIMUM_MINUTES = 43_200;
const METADATA = { entries: 50, keyLength: 40, valueLength: 500 };

/** A web address. The service checks the scheme, which depends on the environment. */
export const WebAddress = (options: FieldOptions): PropertyDecorator =>
  Text(LONGEST_URL, { example: 'https://shop.example.com/thanks', ...options, optional: true });

const isMetadata = (value: unknown): boolean =>
  isRecord(value) &&
  Object.keys(value).length <= METADATA.entries &&
  Object.entries(value).every(
    ([key, text]) =>
      /^[\w.-]+$/.test(key) &&
      key.length <= METADATA.keyLength &&
      typeof text === 'string' &&
      text.length <= METADATA.valueLength &&
      /^[^\p{Cc}\p{Cs}]*$/u.test(text),
  );

export class SessionItemDto extends ProductDto {
  @WebAddress({
    description: 'A picture for the payment page.',
    example: 'https://shop.example.com/cam-01.jpg',
  })
  image_url?: string;
}

/** The shopper's data that the shop knows. The payment page asks for the rest. */
export class SessionCustomerDto extends PartialType(OmitType(CustomerDto, ['products'])) {}

/** The body that makes a session. Amounts in cents. */
export class CreateSessionDto {
  @ListOf(
    () => SessionItemDto,
    { minimum: 1, maximum: MAXIMUM_ITEMS },
    { description: 'One entry for each product. Their sum is the price: the browser can not change it.' },
  )
  items: SessionItemDto[];

  @Cents({ description: 'The shipping cost, in cents. Default: 0.', example: 1500, optional: true })
  shipping_value?: number;

  @Cents({ description: 'The discount, in cents. Default: 0.', example: 500, optional: true })
  discount_value?: number;

  @field(
    {
      type: 'array',
      items: { type: 'string', enum: [...PAYMENT_METHODS] },
      minItems: 1,
      maxItems: PAYMENT_METHODS.length,
      uniqueItems: true,
    },
    {
      description: 'The allowed payment methods. Default: all.',
      example: ['credit_card', 'pix'],
      optional: true,
    },
    IsArray(),
    ArrayMinSize(1),
    ArrayMaxSize(PAYMENT_METHODS.length),
    ArrayUnique(),
    IsIn(PAYMENT_METHODS, { each: true }),
  )
  methods?: PaymentMethod[];

  @WholeNumber(1, MAXIMUM_INSTALLMENTS, {
    description: 'The maximum number of installments of a card. Default: 12.',
    example: 12,
    optional: true,
  })
  max_installments?: number;

  @Nested(() => SessionCustomerDto, {
    description: 'What the shop knows of the shopper; the payment page asks for the rest.',
    optional: true,
  })
  customer?: SessionCustomerDto;

  @Text(64, {
    description: "The shop's own name for this sale; a repeat with it answers the same session.",
    example: 'order-4711',
    optional: true,
  })
  reference?: string;

  @field(
    {
      type: 'object',
      additionalProperties: { type: 'string', maxLength: METADATA.valueLength },
      maxProperties: METADATA.entries,
    },
    {
      description: 'Texts of the shop that every answer about the session repeats. No personal data.',
      example: { cart: 'c-81' },
      optional: true,
    },
    ValidateBy({
      name: 'metadata',
      validator: {
        validate: isMetadata,
        defaultMessage: () =>
          `$property must be an object of at most ${METADATA.entries} texts of at most ${METADATA.valueLength} ` +
          `characters, with keys of at most ${METADATA.keyLength} letters, digits, dots, dashes and underscores`,
      },
    }),
  )
  metadata?: Record<string, string>;

  @WebAddress({ description: 'Where the shopper goes after the payment; `session_id` is added.' })
  success_url?: string;

  @WebAddress({
    description: 'Where the shopper goes instead of paying; `session_id` is added.',
    example: 'https://shop.example.com/cart',
  })
  cancel_url?: string;

  @WholeNumber(1, MAXIMUM_MINUTES, {
    description: `Minutes until the session expires. Default: ${DEFAULT_MINUTES}.`,
    example: DEFAULT_MINUTES,
    optional: true,
  })
  expires_in_minutes: number = DEFAULT_MINUTES;

  @OneOf(LOCALES, {
    description: "The language of the payment page. Default: the browser's.",
    example: 'pt-BR',
    optional: true,
  })
  locale?: (typeof LOCALES)[number];
}

export class SessionsQueryDto extends ListQueryDto {
  @EnumFilter(STATES, { description: 'The status of the sessions.' })
  status?: SessionState;

  @TextFilter(64, { description: "The shop's own name for the sale.", example: 'order-4711' })
  reference?: string;
}
