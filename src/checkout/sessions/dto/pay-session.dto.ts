import { OmitType, PartialType } from '@nestjs/swagger';
import { MAXIMUM_INSTALLMENTS } from '../../../appmax';
import { Nested } from '../../../common/validation/nested';
import { Cents, Document, Text, WholeNumber } from '../../../common/validation/validators';
import { CustomerDto } from '../../dto/customer.dto';

/** The fields that the shopper types on the payment page. */
export class ShopperDto extends PartialType(OmitType(CustomerDto, ['products', 'ip', 'tracking'])) {}

/** A card as its token. This route never accepts a card's number. */
export class SessionCardDto {
  @Text(512, {
    description: "A card token from Appmax's browser script. Valid for one payment.",
    example: 'tok_8f14e45fceea167a5a36dedd4bea2543',
  })
  token: string;

  @Text(255, { description: 'As it is printed on the card.', example: 'MARINA SOUZA' })
  holder_name: string;

  @Document()
  holder_document_number: string;

  @WholeNumber(1, MAXIMUM_INSTALLMENTS, {
    description: 'The number of installments. Default: 1.',
    example: 1,
    optional: true,
  })
  installments: number = 1;

  @Cents({
    description:
      'The total that the shopper saw, in cents, with the interest of the installments. If it is another one now, the payment is refused with `price_changed`.',
    example: 15990,
    optional: true,
  })
  total_value?: number;
}

/** The fields that all methods share. */
export class PaySessionDto {
  @Nested(() => ShopperDto, {
    description: 'The `missing_fields` of the session. Fields that the shop gave are ignored.',
    optional: true,
  })
  customer?: ShopperDto;
}

export class PaySessionByCardDto extends PaySessionDto {
  @Nested(() => SessionCardDto, { description: 'The card.' })
  payment: SessionCardDto;
}

export class PaySessionByCodeDto extends PaySessionDto {
  @Document({ description: "The payer's CPF or CNPJ. Default: the customer's.", optional: true })
  document_number?: string;
}
