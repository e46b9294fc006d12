import { ConsoleLogger, type LogLevel } from '@nestjs/common';

/** Writes log lines to the standard error: the standard output has the result only. */
export class StandardErrorLogger extends ConsoleLogger {
  protected override printMessages(messages: unknown[], context?: string, level?: LogLevel): void {
    super.printMessages(messages, context, level, 'stderr');
  }
}
