import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsObject,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import {
  AppmaxId,
  Cents,
  INT32_MAX,
  RequiredFirst,
  Text,
  WholeNumber,
} from '../../common/validation/validators';
import { ProductDto } from './customer.dto';

export class RefundDto {
  @AppmaxId()
  @RequiredFirst()
  order_id: number;

  @IsIn(['total', 'partial'])
  type: 'total' | 'partial';

  /** Cents. */
  @ValidateIf(({ type }: RefundDto) => type === 'partial')
  @WholeNumber(1, INT32_MAX)
  value?: number;
}

export class TrackingCodeDto {
  @AppmaxId()
  @RequiredFirst()
  order_id: number;

  @Text()
  shipping_tracking_code: string;
}

export class UpsellDto {
  @Text()
  upsell_hash: string;

  @Cents()
  products_value: number;

  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(200)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => ProductDto)
  products: ProductDto[];
}
