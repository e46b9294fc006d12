import { Transform, Type } from 'class-transformer';
import { IsObject, IsOptional, Matches, ValidateIf, ValidateNested } from 'class-validator';
import { Document, Nested, OptionalAppmaxId, Text, WholeNumber } from '../../common/validation/validators';
import { CustomerDto } from './customer.dto';
import { OrderDto } from './order.dto';

const CARD_NUMBER = /^\d{12,19}$/;
const CVV = /^\d{3,4}$/;
const MONTH = /^(0?[1-9]|1[0-2])$/;
const YEAR = /^(\d{2}|20\d{2})$/;

const hasNoOrderId = ({ order_id }: PayDto): boolean => order_id === undefined;
const hasNoToken = ({ token }: CardDto): boolean => typeof token !== 'string';

/** JSON clients send months and years as numbers, too. */
const digits = ({ value }: { value: unknown }): unknown =>
  typeof value === 'number' ? String(value) : value;

/** What the three ways to pay share: the order to pay, or the customer and order to make first. */
export class PayDto {
  @OptionalAppmaxId()
  customer_id?: number;

  @OptionalAppmaxId()
  order_id?: number;

  @ValidateIf(hasNoOrderId)
  @Nested(() => CustomerDto)
  customer?: CustomerDto;

  @ValidateIf(hasNoOrderId)
  @Nested(() => OrderDto)
  order?: OrderDto;
}

const cardNumber = ({ value }: { value: unknown }): unknown =>
  typeof value === 'string' ? value.replace(/[\s-]/g, '') : value;

/** A card: a token that the browser made of it, or its number. */
export class CardDto {
  @IsOptional()
  @Text(512)
  token?: string;

  @ValidateIf(hasNoToken)
  @Transform(cardNumber)
  @Matches(CARD_NUMBER, { message: 'number must be 12 to 19 digits' })
  number?: string;

  @ValidateIf(hasNoToken)
  @Transform(digits)
  @Matches(CVV, { message: 'cvv must be 3 or 4 digits' })
  cvv?: string;

  @ValidateIf(hasNoToken)
  @Transform(digits)
  @Matches(MONTH, { message: 'expiration_month must be 1 to 12' })
  expiration_month?: string;

  @ValidateIf(hasNoToken)
  @Transform(digits)
  @Matches(YEAR, { message: 'expiration_year must be like "2030" or "28"' })
  expiration_year?: string;

  @Text()
  holder_name: string;

  @Document()
  holder_document_number: string;

  @IsOptional()
  @WholeNumber(1, 21)
  installments?: number;

  @IsOptional()
  @Text(30)
  soft_descriptor?: string;

  @IsOptional()
  @Text()
  upsell_hash?: string;
}

export class SubscriptionDto {
  @Text(30)
  interval: string;

  @WholeNumber(1, 1200)
  interval_count: number;
}

export class PayByCardDto extends PayDto {
  @Nested(() => CardDto)
  payment: CardDto;

  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => SubscriptionDto)
  subscription?: SubscriptionDto;
}

export class PayByPixDto extends PayDto {
  @Document()
  document_number: string;

  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => SubscriptionDto)
  subscription?: SubscriptionDto;
}

export class PayByBoletoDto extends PayDto {
  @Document()
  document_number: string;
}

/** A card itself, as the shopper typed it. */
export class TokenizeDto {
  @Transform(cardNumber)
  @Matches(CARD_NUMBER, { message: 'number must be 12 to 19 digits' })
  number: string;

  @Transform(digits)
  @Matches(CVV, { message: 'cvv must be 3 or 4 digits' })
  cvv: string;

  @Transform(digits)
  @Matches(MONTH, { message: 'expiration_month must be 1 to 12' })
  expiration_month: string;

  @Transform(digits)
  @Matches(YEAR, { message: 'expiration_year must be like "2030" or "28"' })
  expiration_year: string;

  @Text()
  holder_name: string;
}
