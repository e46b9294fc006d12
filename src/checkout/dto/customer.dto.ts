import { Phone, Postcode, State } from '../../common/validation/brazil';
import { ListOf, Nested } from '../../common/validation/nested';
import {
  Cents,
  Document,
  Email,
  INT32_MAX,
  IpAddress,
  OneOf,
  Text,
  WholeNumber,
} from '../../common/validation/validators';

const MAXIMUM_PRODUCTS = 200;

export class AddressDto {
  @Postcode()
  postcode: string;

  @Text(255, { example: 'Avenida Paulista' })
  street: string;

  @Text(30, { description: 'The house number.', example: '1000' })
  number: string;

  @Text(255, { example: 'apto 12', optional: true })
  complement?: string;

  @Text(255, { example: 'Bela Vista' })
  district: string;

  @Text(255, { example: 'São Paulo' })
  city: string;

  @State()
  state: string;
}

/** A product of an order, with its quantity. */
export class ProductDto {
  @Text(255, { description: "The shop's own code for the product.", example: 'CAM-01' })
  sku: string;

  @Text(255, { example: 'Camiseta' })
  name: string;

  @WholeNumber(1, INT32_MAX, { example: 1 })
  quantity: number;

  @Cents({ description: 'The price of one unit, in cents.', example: 14990 })
  unit_value: number;

  @OneOf(['physical', 'digital'], { example: 'physical', optional: true })
  type?: 'physical' | 'digital';
}

/** Declares the `products` field of an order or of a customer. */
export const Products = (options: { minimum?: number; optional?: boolean } = {}): PropertyDecorator =>
  ListOf(
    () => ProductDto,
    { minimum: options.minimum ?? 0, maximum: MAXIMUM_PRODUCTS },
    { description: 'One entry for each product.', optional: options.optional ?? false },
  );

export class TrackingDto {
  @Text(255, { description: 'The source of the visit.', example: 'newsletter', optional: true })
  utm_source?: string;

  @Text(255, { description: 'The campaign of the visit.', example: 'winter', optional: true })
  utm_campaign?: string;
}

/** The shopper's data, as Appmax requires it. */
export class CustomerDto {
  @Text(255, { example: 'Marina' })
  first_name: string;

  @Text(255, { example: 'Souza' })
  last_name: string;

  @Email({ example: 'marina.souza@example.com' })
  email: string;

  @Phone()
  phone: string;

  @Document()
  document_number: string;

  @IpAddress({
    description: "The shopper's IP address. Default: the caller's.",
    example: '203.0.113.9',
    optional: true,
  })
  ip?: string;

  @Nested(() => AddressDto, { description: "The shopper's address.", optional: true })
  address?: AddressDto;

  @Products({ optional: true })
  products?: ProductDto[];

  @Nested(() => TrackingDto, { description: 'The marketing campaign of the sale.', optional: true })
  tracking?: TrackingDto;
}
