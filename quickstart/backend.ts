import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppmaxCheckout, InvalidNotification, verifyNotification } from '../client/src';
import type { DemoSettings } from './demo-settings';

/** The name has no address by definition: what is sent there fails, and the console shows it. */
const UNREACHABLE = 'https://backend.invalid/appmax';

/** The backend of the demo's shop: it receives notifications while the demo runs. */
export class Backend {
  private readonly server = createServer((request, response) => void this.answer(request, response));
  private readonly ids = new Set<string>();
  private readonly operator: AppmaxCheckout;
  private endpoint: { readonly id: number; readonly secret: string } | undefined;

  constructor(
    { serviceUrl: baseUrl, secretKey }: Pick<DemoSettings, 'serviceUrl' | 'secretKey'>,
    private readonly shop: string,
  ) {
    this.operator = new AppmaxCheckout({ baseUrl, key: shop, secretKey });
  }

  /** The number of notifications that have come with a valid signature, each counted once. */
  get received(): number {
    return this.ids.size;
  }

  /** Listens on loopback, and makes one endpoint for this backend and one that nothing can be delivered to. */
  async start(): Promise<void> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    const { port } = this.server.address() as AddressInfo;
    const external_key = this.shop;
    this.endpoint = await this.operator.createEndpoint({
      body: { url: `http://127.0.0.1:${port}/appmax`, external_key },
    });
    await this.operator.createEndpoint({ body: { url: UNREACHABLE, external_key } });
  }

  /** Waits up to `seconds` until so many notifications have come. */
  async waitFor(wanted: number, seconds: number): Promise<void> {
    const end = Date.now() + seconds * 1000;
    while (this.received < wanted && Date.now() < end) await sleep(50);
  }

  /** Disables the endpoint, because it has no receiver afterwards. */
  async stop(): Promise<void> {
    if (this.endpoint !== undefined)
      await this.operator.changeEndpoint({ id: this.endpoint.id, body: { enabled: false } });
    this.server.close();
    this.server.closeAllConnections();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await verifyNotification(await buffer(request), request.headers, this.endpoint?.secret ?? '');
      this.ids.add(String(request.headers['webhook-id']));
      response.writeHead(204).end();
    } catch (error) {
      response.writeHead(error instanceof InvalidNotification ? 401 : 500).end();
    }
  }
}
