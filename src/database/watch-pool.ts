import type { Logger } from '@nestjs/common';
import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';

/** The connections of a data source. */
export function poolOf(dataSource: DataSource): Pool {
  return (dataSource.driver as unknown as { master: Pool }).master;
}

/**
 * Listens to the pool's errors. When the server goes away every idle client emits one, and an `error` event that
 * nobody listens to ends the process; the pool itself drops the client and opens another when it is asked to.
 */
export function watchPool(dataSource: DataSource, logger: Logger): void {
  poolOf(dataSource).on('error', (error) => {
    logger.warn(
      `An idle database connection was lost (${(error as NodeJS.ErrnoException).code ?? error.name})`,
    );
  });
}
