import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Replaces clients' keys with their hashes. Keys of upsells, which contain a space, are already hashes. */
export class HashIdempotencyKeys1795305600032 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      UPDATE idempotency_keys SET key = encode(sha256(convert_to(key, 'UTF8')), 'hex') WHERE key NOT LIKE '% %'
    `);
  }

  /** Does nothing: hashes cannot be reversed. The keys of the last 24 h then count as never used. */
  async down(): Promise<void> {
    // A hash does not lead back to its key.
  }
}
