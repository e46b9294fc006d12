import type { MigrationInterface, QueryRunner } from 'typeorm';

const TYPES = [
  'order.status_changed',
  'refund.confirmed',
  'refund.denied',
  'session.completed',
  'session.expired',
  'installation.created',
  'operation.needs_review',
];

/** SQL: the function that writes a notification and its deliveries to the endpoints for which `condition` holds. */
const writer = (condition: string, check = ''): string => `
      CREATE OR REPLACE FUNCTION write_notification(event_type TEXT, shop BIGINT, subject_order BIGINT, details JSONB)
      RETURNS VOID LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
      DECLARE
        written BIGINT;
      BEGIN${check}
        INSERT INTO notifications (type, installation_id, order_id, data)
        SELECT event_type, i.id, subject_order, jsonb_build_object('key', i.external_key) || details
        FROM installations i WHERE i.id = shop RETURNING id INTO written;
        INSERT INTO notification_deliveries (notification_id, endpoint_id, order_id)
        SELECT written, e.id, subject_order FROM notification_endpoints e
        WHERE ${condition} ORDER BY e.id;
      END $$`;

const OF_SHOP = 'e.deleted_at IS NULL AND (e.installation_id IS NULL OR e.installation_id = shop)';
const CHOSEN = `${OF_SHOP} AND e.events && ARRAY['*', event_type]`;

/** Lets endpoints get only some types of notifications. A type that no endpoint of the shop gets is not written. */
export class ChooseEventsOfEndpoints1795824000150 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE notification_endpoints ADD COLUMN events TEXT[] NOT NULL DEFAULT '{*}'
        CONSTRAINT notification_endpoints_events_are_known CHECK (events = '{*}'
          OR (cardinality(events) > 0 AND events <@ ARRAY['${TYPES.join("', '")}']))
    `);
    await queryRunner.query(
      writer(
        CHOSEN,
        `
        IF NOT EXISTS (SELECT FROM notification_endpoints e WHERE ${CHOSEN}) THEN
          RETURN;
        END IF;`,
      ),
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(writer(OF_SHOP));
    await queryRunner.query('ALTER TABLE notification_endpoints DROP COLUMN events');
  }
}
