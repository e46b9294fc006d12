import type { Type } from '@nestjs/common';
import { ApiProperty, ApiSchema } from '@nestjs/swagger';

/** The class of a page of a list, for the API's document. */
export function PageOf(item: Type, name: string): Type {
  @ApiSchema({ name })
  class PageAnswer {
    @ApiProperty({ description: 'Newest first.', type: item, isArray: true })
    readonly data: unknown[];

    @ApiProperty({
      description: '`cursor` of the page that follows; null where there is none.',
      type: 'string',
      nullable: true,
      example: 'Mg',
    })
    readonly next_cursor: string | null;
  }
  return PageAnswer;
}
