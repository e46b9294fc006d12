import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { CARD, CPF } from '../quickstart/shop';
import { SimulatorControl } from '../simulator/control-client';
import { DirectMerchant } from './support/direct-merchant';
import { startSimulator, stopProgram } from './support/programs';

const CONNECTIONS = 32;
const seconds = Number(process.env['BENCH_SECONDS'] ?? 5);

/** Starts a server that answers every webhook immediately. */
async function startSink(): Promise<Server> {
  const sink = createServer((request, response) => {
    request.resume().on('end', () => response.end('{}'));
  });
  await new Promise<void>((resolve) => sink.listen(0, '127.0.0.1', resolve));
  return sink;
}

/** The operations that are measured, by name. */
const work: Readonly<Record<string, (merchant: DirectMerchant) => Promise<unknown>>> = {
  'order created': (merchant) => merchant.createOrder(),
  'order created and paid by card, with its webhooks': async (merchant) => {
    const credit_card = {
      ...CARD,
      holder_name: 'MARINA SOUZA',
      holder_document_number: CPF,
      installments: 1,
    };
    const order_id = await merchant.createOrder();
    const body = { order_id, customer_id: merchant.customerId, payment_data: { credit_card } };
    return merchant.post('payments/credit-card', body);
  },
  'order created and its Pix, with QR code and webhook': async (merchant) => {
    const order_id = await merchant.createOrder();
    return merchant.post('payments/pix', { order_id, payment_data: { pix: { document_number: CPF } } });
  },
};

async function perSecond(
  merchant: DirectMerchant,
  once: (merchant: DirectMerchant) => Promise<unknown>,
): Promise<number> {
  const startedAt = performance.now();
  let done = 0;
  const worker = async (): Promise<void> => {
    while (performance.now() - startedAt < seconds * 1000) {
      await once(merchant);
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
  return (done / (performance.now() - startedAt)) * 1000;
}

/** Measures the simulator alone, so that its limits are not mistaken for those of the service. */
export async function benchSimulator(): Promise<void> {
  const sink = await startSink();
  const { child, origin } = await startSimulator({
    SIMULATOR_SERVICE_URL: `http://127.0.0.1:${(sink.address() as AddressInfo).port}`,
  });
  const control = new SimulatorControl(origin);
  await control.change({ rate_limits: false, monthly_quota: null });
  const merchant = await DirectMerchant.create(control, CONNECTIONS);
  console.log(`${CONNECTIONS} connections, ${seconds} s each`);
  for (const [name, once] of Object.entries(work)) {
    const rate = await perSecond(merchant, once);
    console.log(`${Math.round(rate).toLocaleString('en').padStart(8)} a second: ${name}`);
    await control.drainWebhooks();
  }
  await merchant.close();
  await stopProgram(child);
  sink.close();
  sink.closeAllConnections();
}
