import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { namedOrder } from '../control/order-routes';
import { namedWebhook } from '../control/webhook-routes';
import { type Simulator } from '../simulator';
import { layout, type Page } from './html/layout';
import { merchantsPage } from './merchants/merchants-page';
import { ledgerPage } from './orders/ledger-page';
import { orderPage } from './orders/order-page';
import { ordersPage } from './orders/orders-page';
import { sendPage } from './orders/send-page';
import { faultsPage } from './settings/faults-page';
import { requestsPage } from './settings/requests-page';
import { settingsPage } from './settings/settings-page';
import { webhookPage, webhooksPage } from './settings/webhooks-page';

const SHOWN = 100;
const LIVE_SECONDS = 3;

interface PageQuery {
  readonly live?: string;
  readonly notice?: string;
}

function queryOf(request: FastifyRequest): PageQuery {
  return request.query as PageQuery;
}

/** Registers the pages that show the simulator's data. */
export function registerPages(app: FastifyInstance, simulator: Simulator): void {
  const { clock, orders, dispatcher, ledger, merchants, faults, lateEffects, requests, settings } = simulator;
  const send = (
    request: FastifyRequest,
    reply: FastifyReply,
    page: Omit<Page, 'notice' | 'refresh'>,
  ): FastifyReply => {
    const { live, notice } = queryOf(request);
    const refresh = live === undefined ? undefined : LIVE_SECONDS;
    return sendPage(reply, layout({ ...page, notice, refresh }, clock.state()));
  };
  app.get('/', (request, reply) => {
    const live = queryOf(request).live !== undefined;
    const content = ordersPage({ orders: orders.newest(SHOWN), total: orders.size, live });
    return send(request, reply, { title: 'Orders', section: '/', content });
  });
  app.get('/orders', (_request, reply) => reply.redirect('/', 302));
  app.get('/orders/:id', (request, reply) => {
    const order = namedOrder(simulator, request.params);
    const webhooks = dispatcher.newest(SHOWN, ({ order_id }) => order_id === order.id);
    const content = orderPage({ order, ledger: ledger.list(order.id), webhooks });
    return send(request, reply, { title: `Order ${order.id}`, section: '/', content });
  });
  app.get('/merchants', (request, reply) =>
    send(request, reply, {
      title: 'Merchants',
      section: '/merchants',
      content: merchantsPage(merchants.all().slice(0, SHOWN)),
    }),
  );
  app.get('/webhooks', (request, reply) => {
    const content = webhooksPage(dispatcher.newest(SHOWN), queryOf(request).live !== undefined);
    return send(request, reply, { title: 'Webhooks', section: '/webhooks', content });
  });
  app.get('/webhooks/:id', (request, reply) => {
    const delivery = namedWebhook(simulator, request.params);
    const title = `Webhook ${delivery.id}: ${delivery.event}`;
    return send(request, reply, { title, section: '/webhooks', content: webhookPage(delivery) });
  });
  app.get('/faults', (request, reply) =>
    send(request, reply, {
      title: 'Faults',
      section: '/faults',
      content: faultsPage({
        faults: faults.list(),
        rules: dispatcher.rules.list(),
        pendingEffects: lateEffects.pending,
      }),
    }),
  );
  app.get('/ledger', (request, reply) =>
    send(request, reply, { title: 'Ledger', section: '/ledger', content: ledgerPage(ledger.list(), SHOWN) }),
  );
  app.get('/requests', (request, reply) =>
    send(request, reply, {
      title: 'Requests',
      section: '/requests',
      content: requestsPage(requests.newest(SHOWN), requests.byRoute()),
    }),
  );
  app.get('/settings', (request, reply) =>
    send(request, reply, { title: 'Settings', section: '/settings', content: settingsPage(settings) }),
  );
}
