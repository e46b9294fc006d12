import { Module } from '@nestjs/common';
import { WebFiles } from '../common/http/web-files';
import { OrdersModule } from '../orders';
import { ChangesController } from './changes.controller';
import { ConsolePageController } from './console-page.controller';
import { ConsoleSessionController } from './console-session.controller';

/** The console of operators: its page, its sign-in, and the stream that keeps its views up to date. */
@Module({
  imports: [OrdersModule],
  controllers: [ChangesController, ConsoleSessionController, ConsolePageController],
  providers: [WebFiles],
})
export class ConsoleModule {}
