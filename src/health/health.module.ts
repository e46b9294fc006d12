import { Module } from '@nestjs/common';
import { LoopWatchdog, loopWatchdog } from '../common/loop-watchdog';
import { HealthController } from './health.controller';
import { ReadinessMetrics } from './readiness.metrics';
import { ReadinessService } from './readiness.service';

@Module({
  controllers: [HealthController],
  providers: [ReadinessService, ReadinessMetrics, { provide: LoopWatchdog, useValue: loopWatchdog }],
  exports: [ReadinessService],
})
export class HealthModule {}
