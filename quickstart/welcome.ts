import type { DemoSettings } from './demo-settings';
import { CARD, CPF, CUSTOMER, ORDER } from './shop';

/** The shop that the quickstart installs, so that its commands work at once. */
export const READY_SHOP = 'demo-shop';

const SALE = { customer: CUSTOMER, order: ORDER };
const BODIES = {
  card: { ...SALE, payment: { ...CARD, holder_name: 'MARINA SOUZA', holder_document_number: CPF } },
  boleto: { ...SALE, document_number: CPF },
  pix: { ...SALE, document_number: CPF },
};

/**
 * Returns the text that the quickstart prints when everything runs.
 *
 * @param sessionUrl the payment page of a session that waits for its payment; undefined if none could be opened.
 */
export function welcome(
  { serviceUrl, simulatorUrl, appIdUuid, secretKey }: DemoSettings,
  sessionUrl: string | undefined,
): string {
  const shop = `${serviceUrl}/checkout/${READY_SHOP}`;
  const post = (route: string, body: object): string =>
    `curl -s ${shop}/${route} -H 'Content-Type: application/json' -d '${JSON.stringify(body)}'`;
  const refund = `curl -s ${shop}/refund -H 'Authorization: Bearer ${secretKey}' -H 'Content-Type: application/json' -d '{"order_id": ORDER_ID, "type": "total"}'`;
  return `
  Appmax Checkout is running.

    service      ${serviceUrl}   (what is set up, and the addresses for Appmax)
    Appmax       ${simulatorUrl}   (the simulator: no money moves)
    database     PostgreSQL 16, started by the service, data in data/postgres
    console      ${serviceUrl}/console   (sign in with the secret key below)
    secret key   ${secretKey}
    shop         ${READY_SHOP}   (has installed the app)

  Pay as a shopper, in a browser:

    ${sessionUrl ?? 'No session could be opened; npm run demo opens one.'}

  Test cards (any name, CPF, security code and future date):

    4000 0000 0000 0010  approved
    4000 0000 0000 0028  authorised, approved later
    4000 0000 0000 0002  declined
    4000 0000 0000 9999  the bank does not answer

  Watch a merchant install the app and sell by card, Pix and boleto:

    npm run demo

  Or do it yourself. ORDER_ID is the order_id of an answer; bank pays a Pix or boleto, as the shopper's bank does.

    card     ${post('pay/credit-card', BODIES.card)}

    Pix      ${post('pay/pix', BODIES.pix)}

    boleto   ${post('pay/boleto', BODIES.boleto)}

    stream   curl -sN ${shop}/status/ORDER_ID/stream

    bank     curl -s -X POST ${simulatorUrl}/_simulator/orders/ORDER_ID/pay

    refund   ${refund}

    docs     ${serviceUrl}/docs

  Install another shop, "my-shop", in a browser:

    ${serviceUrl}/install/start?app_id=${appIdUuid}&external_key=my-shop

  Ctrl-C stops everything. The data is kept for the next start.
`;
}
