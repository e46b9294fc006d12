import type { Type } from '@nestjs/common';
import { ApiProperty, ApiSchema } from '@nestjs/swagger';

/** Returns the class of one page of a list, for the OpenAPI document. */
export function PageOf(item: Type, name: string): Type {
  @ApiSchema({ name })
  class PageAnswer {
    @ApiProperty({ description: 'The entries, newest first.', type: item, isArray: true })
    readonly data: unknown[];

    @ApiProperty({
      description: 'The `cursor` of the next page; null on the last page.',
      type: 'string',
      nullable: true,
      example: 'Mg',
    })
    readonly next_cursor: string | null;
  }
  return PageAnswer;
}
