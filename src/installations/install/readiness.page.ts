import { page } from '../../common/http/page';

/** The page for a browser that opens the callback's URL without parameters. */
export function readinessPage(): string {
  return page('Ready', [
    'This is the address to which Appmax sends merchants back when they have installed the app. It is reachable, and there is nothing to do here.',
  ]);
}
