import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { BackgroundLoop } from '../common/background-loop';
import { queryRows } from './rows';

const POLL_MILLISECONDS = 1_000;

/** A question that the poll asks for a part of the background work. */
export interface Question {
  /** SQL: a scalar expression without parameters, such as `EXISTS (…)`. */
  readonly sql: string;
  /** Is called with the value after each poll. */
  readonly onAnswer: (value: unknown) => void;
}

/**
 * The one poll of an instance: asks in one statement a second which parts of the background have due work. It finds the
 * work whose time has come, and that of other instances; an instance wakes its own workers for the work that it makes.
 */
@Injectable()
export class DueWork implements OnModuleDestroy {
  private readonly questions: Question[] = [];
  private readonly loop = new BackgroundLoop('DueWork', POLL_MILLISECONDS, () => this.ask());

  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** Adds a question to the poll. The first one starts it. The schema must be ready. */
  add(question: Question): void {
    if (this.questions.push(question) === 1) this.loop.start();
  }

  /** Adds the wake-up of a queue to the poll. @param isDue SQL: true if the queue has due work. */
  wakeIf(isDue: string, wake: () => void): void {
    this.add({
      sql: isDue,
      onAnswer: (value) => {
        if (value === true) wake();
      },
    });
  }

  async onModuleDestroy(): Promise<void> {
    await this.loop.stop();
  }

  private async ask(): Promise<void> {
    const asked = [...this.questions];
    const [answers = {}] = await queryRows<Record<string, unknown>>(
      this.dataSource,
      `SELECT ${asked.map(({ sql }, index) => `(${sql}) AS a${index}`).join(', ')}`,
    );
    for (const [index, { onAnswer }] of asked.entries()) onAnswer(answers[`a${index}`]);
  }
}
