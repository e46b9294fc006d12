import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { BackgroundLoop } from '../../common/background-loop';
import { SchemaState } from '../../database';
import { PaidSessions } from '../../payments';
import { SessionsRepository } from './sessions.repository';

const ROUND_MILLISECONDS = 5_000;

/** Records in the background which sessions have expired, and flags those that were paid twice. */
@Injectable()
export class SessionSweep implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly loop = new BackgroundLoop('Sessions', ROUND_MILLISECONDS, () => this.round());

  constructor(
    private readonly sessions: SessionsRepository,
    private readonly paid: PaidSessions,
    private readonly schema: SchemaState,
  ) {}

  onApplicationBootstrap(): void {
    this.schema.whenReady(() => {
      this.loop.start();
    });
  }

  async onModuleDestroy(): Promise<void> {
    await this.loop.stop();
  }

  private async round(): Promise<void> {
    await this.paid.flagExtraPayments();
    await this.sessions.sweep();
  }
}
