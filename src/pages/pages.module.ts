import { Module } from '@nestjs/common';
import { AppmaxModule } from '../appmax';
import { HealthModule } from '../health';
import { InstallationsModule } from '../installations';
import { WebhooksModule } from '../webhooks';
import { PagesController } from './pages.controller';
import { PagesService } from './pages.service';
import { SetupService } from './setup.service';

@Module({
  imports: [AppmaxModule, HealthModule, InstallationsModule, WebhooksModule],
  controllers: [PagesController],
  providers: [PagesService, SetupService],
})
export class PagesModule {}
