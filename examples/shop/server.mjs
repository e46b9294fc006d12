/**
 * A small shop that sells two products through checkout sessions. It needs CHECKOUT_URL, CHECKOUT_KEY and
 * CHECKOUT_SECRET_KEY. Its orders are in memory: a real shop keeps them in its database.
 */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { ApiError, AppmaxCheckout, InvalidNotification, verifyNotification } from 'appmax-checkout-client';
import { errorPage, orderPage, shopPage } from './pages.mjs';

const { CHECKOUT_URL, CHECKOUT_KEY, CHECKOUT_SECRET_KEY, NOTIFY_SECRET, PORT = '3000' } = process.env;
const checkout = new AppmaxCheckout({
  baseUrl: CHECKOUT_URL,
  key: CHECKOUT_KEY,
  secretKey: CHECKOUT_SECRET_KEY,
  // A shopper waits for the answer.
  repeatForMilliseconds: 10_000,
});

/** The prices are those of the server; the browser sends only quantities. */
const PRODUCTS = {
  'CAM-01': { sku: 'CAM-01', name: 'Camiseta', unit_value: 7990 },
  'CAN-01': { sku: 'CAN-01', name: 'Caneca', unit_value: 3990 },
};

/** The orders by their reference, which can't be guessed: it is the address of the order's page. */
const orders = new Map();

async function buy(request) {
  const form = new URLSearchParams(await text(request));
  const items = Object.values(PRODUCTS)
    .map((product) => ({ ...product, quantity: Number(form.get(product.sku) ?? 0) }))
    .filter(({ quantity }) => Number.isInteger(quantity) && quantity > 0 && quantity <= 10);
  if (items.length === 0) return { status: 422, html: errorPage('Escolha ao menos um produto.') };
  const reference = randomUUID();
  const session = await checkout.createSession({
    body: {
      items,
      reference,
      success_url: `${address()}/orders/${reference}`,
      cancel_url: `${address()}/`,
      locale: 'pt-BR',
    },
  });
  orders.set(reference, { items, sessionId: session.id });
  return { status: 303, location: session.url };
}

/** Shows an order as the service has it: that the shopper came back proves nothing. */
async function showOrder(reference) {
  const order = orders.get(reference);
  if (order === undefined) return { status: 404, html: errorPage('Pedido não encontrado.') };
  const session = await checkout.getSession({ id: order.sessionId });
  return { status: 200, html: orderPage({ items: order.items, session }) };
}

/** Receives a notification of the service. A real shop would now ship the order, once for each `webhook-id`. */
async function receive(request) {
  if (NOTIFY_SECRET === undefined) return { status: 404, html: '' };
  try {
    const { type, data } = await verifyNotification(await text(request), request.headers, NOTIFY_SECRET);
    console.log(`notification ${type} of ${data.reference ?? data.session_id ?? data.order_id}`);
    return { status: 204 };
  } catch (error) {
    if (error instanceof InvalidNotification) return { status: 400, html: error.message };
    throw error;
  }
}

async function answer(request) {
  const { pathname } = new URL(request.url, 'http://shop');
  const [, name, reference] = pathname.split('/');
  if (request.method === 'GET' && pathname === '/') return { status: 200, html: shopPage(PRODUCTS) };
  if (request.method === 'POST' && pathname === '/buy') return buy(request);
  if (request.method === 'POST' && pathname === '/notifications') return receive(request);
  if (request.method === 'GET' && name === 'orders') return showOrder(reference);
  return { status: 404, html: errorPage('Página não encontrada.') };
}

const server = createServer((request, response) => {
  answer(request)
    .catch((error) => {
      console.error(error instanceof ApiError ? `${error.code} (${error.requestId})` : error);
      return { status: 502, html: errorPage('Tente de novo em alguns minutos.') };
    })
    .then(({ status, html, location }) => {
      const headers = location === undefined ? {} : { location };
      response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', ...headers }).end(html);
    });
});

function address() {
  return `http://127.0.0.1:${server.address().port}`;
}

server.listen(Number(PORT), '127.0.0.1', () => console.log(`The shop is at ${address()}`));
