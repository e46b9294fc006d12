import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Clients' keys are kept as hashes from here on; those of upsells, which have a space, have been from the start. */
export class HashIdempotencyKeys1795305600032 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      UPDATE idempotency_keys SET key = encode(sha256(convert_to(key, 'UTF8')), 'hex') WHERE key NOT LIKE '% %'
    `);
  }

  /** Nothing to undo: the keys of one day are unknown then, as if they had not been used. */
  async down(): Promise<void> {
    // A hash does not lead back to its key.
  }
}
