import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A shop's own website, at its own origin. Its page shows the statuses from the stream in its query, if there is one. */
export interface Storefront {
  readonly origin: string;
  /** Returns the URL of the page for a stream. */
  pageOf(stream: string): string;
  close(): Promise<void>;
}

const PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Shop</title><link rel="icon" href="data:,">
<h1>Thank you</h1><ol></ol>
<script>
  const list = document.querySelector('ol');
  const address = new URLSearchParams(location.search).get('stream');
  if (address !== null)
    new EventSource(address).onmessage = ({ data }) => {
      list.appendChild(document.createElement('li')).textContent = JSON.parse(data).status;
    };
</script></html>`;

/** Starts the website of a shop. */
export async function openStorefront(): Promise<Storefront> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(PAGE);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    pageOf: (stream) => `${origin}/thank-you?${new URLSearchParams({ stream }).toString()}`,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
