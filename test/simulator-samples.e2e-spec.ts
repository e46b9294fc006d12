import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ContentModel } from '../simulator/control-client';
import { orderEventNames } from '../simulator/webhooks/event-names';
import { SimulatorWorld } from './support/simulator-world';

interface Sample {
  readonly model: string;
  readonly order_id: number | null;
  readonly envelope: {
    readonly event: string;
    readonly event_type: string;
    readonly data: Record<string, unknown>;
  };
}

const samples = JSON.parse(readFileSync(join(__dirname, 'fixtures', 'webhooks.json'), 'utf8')) as Sample[];

/** The event's snake_case name, by which webhooks are forged. */
function eventName({ event }: Sample['envelope']): string {
  const [name = ''] = event.split(' | ');
  return (
    Object.entries(orderEventNames).find(([snake, pascal]) => snake === name || pascal === name)?.[0] ?? ''
  );
}

/** The samples of orders whose shape the simulator should send: one for each event and shape. */
const orderSamples = samples
  .filter(({ envelope, order_id }) => order_id !== null && eventName(envelope) !== '')
  // Two samples are cut short to show ids written as text.
  .filter(({ envelope }) => typeof envelope.data['id'] !== 'string')
  .map((sample) => ({ sample, event: eventName(sample.envelope), store: 'external_key' in sample.envelope }));

function contentModel(sample: Sample): ContentModel {
  if ('order' in sample.envelope.data) return 'old_legacy_nested';
  // The App Store tells of refused payments in its own, shorter way.
  return sample.envelope.event_type === 'payment' ? 'old_legacy' : (sample.model as ContentModel);
}

/** What is there only while a Pix or a boleto is open, or differs with the way to pay. */
const passing = /pix_|billet_|payment_info|notification_type/;

describe('webhooks of the simulator have the shape of Appmax’s samples', () => {
  let world: SimulatorWorld;
  beforeAll(async () => (world = await SimulatorWorld.start('g2')));
  afterAll(() => world.close());

  it.each(orderSamples)(
    '$sample.model $sample.envelope.event, store $store',
    async ({ sample, event, store }) => {
      const forged = await world.control.forge({
        event,
        order_id: sample.order_id ?? 0,
        content_model: contentModel(sample),
        app_store_envelope: store,
      });
      const body = JSON.parse(forged.body) as Sample['envelope'];
      const fields = (of: object): string[] =>
        Object.keys(of)
          .filter((field) => !passing.test(field))
          .sort();
      expect(fields(body)).toEqual(fields(sample.envelope));
      expect(fields(body.data)).toEqual(fields(sample.envelope.data));
      expect([body.event, body.event_type]).toEqual([sample.envelope.event, sample.envelope.event_type]);
    },
  );
});
