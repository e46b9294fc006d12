import { page } from '../../common/http/page';

/** What someone sees who opens the callback's address without having been sent there. */
export function readinessPage(): string {
  return page('Ready', [
    'This is the address to which Appmax sends merchants back when they have installed the app. It is reachable, and there is nothing to do here.',
  ]);
}
