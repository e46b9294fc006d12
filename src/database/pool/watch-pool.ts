import type { Logger } from '@nestjs/common';
import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';

/** Returns the connection pool of a data source. */
export function poolOf(dataSource: DataSource): Pool {
  return (dataSource.driver as unknown as { master: Pool }).master;
}

/**
 * Logs the pool's errors. When the server goes away, every idle client emits an `error` event; without a listener, it
 * would end the process. The pool drops the client and opens a new one when needed.
 */
export function watchPool(dataSource: DataSource, logger: Logger): void {
  poolOf(dataSource).on('error', (error) => {
    logger.warn(
      `An idle database connection was lost (${(error as NodeJS.ErrnoException).code ?? error.name})`,
    );
  });
}
