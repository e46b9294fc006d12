import { ApiProperty } from '@nestjs/swagger';

/** The result of a sync that an operator requested. */
export class RefreshedOrder {
  @ApiProperty({ description: "The order's id at Appmax.", type: 'integer', example: 1773760001 })
  order_id: number;

  @ApiProperty({ description: 'Its status at Appmax.', example: 'aprovado' })
  status: string;

  @ApiProperty({ description: 'Its status in our database before.', example: 'pendente' })
  previous_status: string;

  @ApiProperty({
    description: 'When Appmax was asked.',
    format: 'date-time',
    example: '2026-11-22T15:00:00.000Z',
  })
  asked_at: string;
}
