import { DayFilter, TextFilter } from '../../common/listing/list-query.dto';
import type { StatisticsRequest } from '../statistics/statistics.service';

export class StatisticsQueryDto implements StatisticsRequest {
  @DayFilter({ description: 'The first day. Default: 29 days before the last one.' })
  from?: string;

  @DayFilter({ description: 'The last day. Default: today.' })
  to?: string;

  @TextFilter(255, { description: 'The `external_key` of a merchant. Default: all.', example: 'shop-42' })
  key?: string;
}
