import {
  ArrayMaxSize,
  IsArray,
  IsEmail,
  IsIn,
  IsInt,
  IsIP,
  IsObject,
  IsOptional,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { Type } from 'class-transformer';
import { Cents, Document, INT32_MAX, Text } from '../../common/validation/validators';

const MAXIMUM_PRODUCTS = 200;

export class AddressDto {
  @Text(20)
  postcode: string;

  @Text()
  street: string;

  @Text(30)
  number: string;

  @IsOptional()
  @Text()
  complement?: string;

  @Text()
  district: string;

  @Text()
  city: string;

  @Text(60)
  state: string;
}

/** One line of an order; `unit_value` in cents. */
export class ProductDto {
  @Text()
  sku: string;

  @Text()
  name: string;

  @IsInt()
  @Min(1)
  @Max(INT32_MAX)
  quantity: number;

  @Cents()
  unit_value: number;

  @IsOptional()
  @IsIn(['physical', 'digital'])
  type?: 'physical' | 'digital';
}

export class TrackingDto {
  @IsOptional()
  @Text()
  utm_source?: string;

  @IsOptional()
  @Text()
  utm_campaign?: string;
}

/** The shopper, as Appmax wants to know them. */
export class CustomerDto {
  @Text()
  first_name: string;

  @Text()
  last_name: string;

  @IsEmail()
  @MaxLength(255)
  email: string;

  @Text(30)
  phone: string;

  @Document()
  document_number: string;

  @IsOptional()
  @IsIP()
  ip?: string;

  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => AddressDto)
  address?: AddressDto;

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MAXIMUM_PRODUCTS)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => ProductDto)
  products?: ProductDto[];

  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => TrackingDto)
  tracking?: TrackingDto;
}
