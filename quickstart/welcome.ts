import type { DemoSettings } from './demo-settings';

/** The request body of the examples. The CPF has valid check digits but is invented. */
const ORDER = JSON.stringify({
  customer: {
    first_name: 'Marina',
    last_name: 'Souza',
    email: 'marina.souza@example.com',
    phone: '11988887777',
    document_number: '52998224725',
  },
  order: {
    products_value: 14990,
    products: [{ sku: 'CAM-01', name: 'Camiseta', quantity: 1, unit_value: 14990 }],
  },
  document_number: '52998224725',
});

/** Returns the text that the quickstart prints when everything runs. */
export function welcome({ serviceUrl, simulatorUrl, appIdUuid, secretKey }: DemoSettings): string {
  return `
  Appmax Checkout is running.

    service      ${serviceUrl}
    Appmax       ${simulatorUrl}   (the simulator: no money moves)
    database     PostgreSQL 16, started by the service, data in data/postgres
    secret key   ${secretKey}

  Watch a merchant install the app and sell by card, Pix and boleto:

    npm run demo

  Or do it yourself. Install a shop named "my-shop" in a browser:

    ${serviceUrl}/install/start?app_id=${appIdUuid}&external_key=my-shop

  … or without one:

    curl -sL -d '' "$(curl -s -o /dev/null -w '%{redirect_url}' \\
      '${serviceUrl}/install/start?app_id=${appIdUuid}&external_key=my-shop')"

  Sell something by Pix:

    curl -s ${serviceUrl}/checkout/my-shop/pay/pix -H 'Content-Type: application/json' \\
      -d '${ORDER}'

  Read the order's status (with the order_id of the response):

    curl -s ${serviceUrl}/checkout/my-shop/status/ORDER_ID

  Pay the Pix as the shopper's bank would, then read the status again:

    curl -s -X POST ${simulatorUrl}/_simulator/orders/ORDER_ID/pay

  See the merchant's own token (with the secret key):

    curl -s ${serviceUrl}/installations/my-shop/merchant/token -H 'Authorization: Bearer ${secretKey}'

  Ctrl-C stops everything. The data is kept for the next start.
`;
}
