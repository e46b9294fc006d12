import { ApiProperty } from '@nestjs/swagger';

/** An order that Appmax was asked for. */
export class RefreshedOrder {
  @ApiProperty({ description: "The order's id at Appmax.", type: 'integer', example: 1773760001 })
  order_id: number;

  @ApiProperty({ description: 'What Appmax says it is.', example: 'aprovado' })
  status: string;

  @ApiProperty({ description: 'What it was here before.', example: 'pendente' })
  previous_status: string;

  @ApiProperty({
    description: 'When Appmax was asked.',
    format: 'date-time',
    example: '2026-11-22T15:00:00.000Z',
  })
  asked_at: string;
}
