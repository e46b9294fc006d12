import { Module } from '@nestjs/common';
import { ConsoleSessionController } from './console-session.controller';

/** The console of operators. */
@Module({ controllers: [ConsoleSessionController] })
export class ConsoleModule {}
