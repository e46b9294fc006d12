import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { AcceptsShopKeys, Access, ShopOfKey } from '../common/access/access.decorator';
import { Operation } from '../common/openapi/operation';
import type { Tag } from '../common/openapi/tags';
import { StatisticsQueryDto } from './dto/statistics.dto';
import { ADMIN_REFUSALS } from './errors';
import { Overview, OverviewService } from './overview/overview.service';
import { Statistics } from './statistics/answers';
import { StatisticsService } from './statistics/statistics.service';

/** Routes by which operators see sums of orders, and what needs a person. */
@Controller('admin')
@ApiTags('Administration' satisfies Tag)
@Access('secret', 'read')
@AcceptsShopKeys()
export class StatisticsController {
  constructor(
    private readonly statistics: StatisticsService,
    private readonly overviews: OverviewService,
  ) {}

  @Get('overview')
  @Operation({
    id: 'getOverview',
    summary: 'The sums of today and of 30 days, and what needs a person',
    answer: Overview,
  })
  overview(@ShopOfKey() shop?: string): Promise<Overview> {
    return this.overviews.read(shop);
  }

  @Get('stats')
  @Operation({
    id: 'getStatistics',
    summary: 'Sums of orders by day, shop, method and status',
    description:
      'From a table that is updated within seconds. An order is made on the day of its `created_at`, and paid on the day of its first paid status. Days are those of the given time zone, amounts are in cents.',
    answer: Statistics,
    refusals: ADMIN_REFUSALS.statistics,
  })
  stats(@Query() query: StatisticsQueryDto, @ShopOfKey() shop?: string): Promise<Statistics> {
    return this.statistics.read(query, shop);
  }
}
