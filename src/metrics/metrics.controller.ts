import { Controller, Get, Header } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Registry } from 'prom-client';
import { Access } from '../common/access/access.decorator';
import { Operation } from '../common/openapi/operation';
import type { Tag } from '../common/openapi/tags';

/** What has been counted, for Prometheus. */
@Controller('metrics')
@ApiTags('Health' satisfies Tag)
@Access('secret')
export class MetricsController {
  constructor(private readonly registry: Registry) {}

  @Get()
  @Header('Content-Type', Registry.PROMETHEUS_CONTENT_TYPE)
  @Operation({
    id: 'getMetrics',
    summary: 'What this instance has counted since it started',
    description: "In Prometheus' text format. The operations guide lists the metrics.",
    texts: ['text/plain'],
  })
  metrics(): Promise<string> {
    return this.registry.metrics();
  }
}
