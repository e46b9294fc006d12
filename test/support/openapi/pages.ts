/** The media types that a page of HTML answers with: its errors may be JSON. */
const PAGE = ['text/html'];

/** The routes that serve pages and their files: no operations, so the document does not list them. */
export const PAGES: Readonly<Record<string, readonly string[]>> = {
  '/': PAGE,
  '/webhooks/appmax': PAGE,
  '/docs': PAGE,
  '/pay/{session}': PAGE,
  '/console': PAGE,
  '/console/*': PAGE,
  '/docs/{file}': ['text/css', 'text/javascript', 'image/png'],
  '/web/{file}': ['text/css', 'text/javascript'],
};
