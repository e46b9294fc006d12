import { Controller, Get, Header } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Registry } from 'prom-client';
import { Access, WithoutDatabase } from '../common/access/access.decorator';
import { Operation } from '../common/openapi/operation';
import type { Tag } from '../common/openapi/tags';

/** Serves the metrics to Prometheus. */
@Controller('metrics')
@ApiTags('Health' satisfies Tag)
@Access('secret', 'read')
@WithoutDatabase()
export class MetricsController {
  constructor(private readonly registry: Registry) {}

  @Get()
  @Header('Content-Type', Registry.PROMETHEUS_CONTENT_TYPE)
  @Operation({
    id: 'getMetrics',
    summary: 'Metrics of this instance since its start',
    description: 'In the text format of Prometheus. docs/operations.md lists the metrics.',
    texts: ['text/plain'],
  })
  metrics(): Promise<string> {
    return this.registry.metrics();
  }
}
