import { Module } from '@nestjs/common';
import { AppmaxModule } from '../appmax';
import { DatabaseModule } from '../database';
import { HealthModule } from '../health';
import { PagesController } from './pages.controller';
import { PagesService } from './pages.service';
import { SetupService } from './setup.service';

@Module({
  imports: [AppmaxModule, DatabaseModule, HealthModule],
  controllers: [PagesController],
  providers: [PagesService, SetupService],
})
export class PagesModule {}
