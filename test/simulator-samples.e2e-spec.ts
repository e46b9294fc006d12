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

/** Returns the event's snake_case name, by which webhooks are forged. */
function eventName({ event }: Sample['envelope']): string {
  const [name = ''] = event.split(' | ');
  return (
    Object.entries(orderEventNames).find(([snake, pascal]) => snake === name || pascal === name)?.[0] ?? ''
  );
}

/** The samples of orders, one for each event and form that the simulator must send. */
const orderSamples = samples
  .filter(({ envelope, order_id }) => order_id !== null && eventName(envelope) !== '')
  // Two samples are incomplete: they only show ids that are written as text.
  .filter(({ envelope }) => typeof envelope.data['id'] !== 'string')
  .map((sample) => ({ sample, event: eventName(sample.envelope), store: 'external_key' in sample.envelope }));

function contentModel(sample: Sample): ContentModel {
  if ('order' in sample.envelope.data) return 'old_legacy_nested';
  // The App Store has its own, shorter form for refused payments.
  return sample.envelope.event_type === 'payment' ? 'old_legacy' : (sample.model as ContentModel);
}

/** Matches fields that exist only for an open Pix or boleto, or depend on the payment method. */
const variableField = /pix_|billet_|payment_info|notification_type/;

describe('the webhooks of the simulator against Appmax’s samples', () => {
  let world: SimulatorWorld;
  beforeAll(async () => (world = await SimulatorWorld.start('g2')));
  afterAll(() => world.close());

  it.each(orderSamples)(
    'a webhook has the fields of the sample: $sample.model $sample.envelope.event, store $store',
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
          .filter((field) => !variableField.test(field))
          .sort();
      expect(fields(body)).toEqual(fields(sample.envelope));
      expect(fields(body.data)).toEqual(fields(sample.envelope.data));
      expect([body.event, body.event_type]).toEqual([sample.envelope.event, sample.envelope.event_type]);
    },
  );
});
