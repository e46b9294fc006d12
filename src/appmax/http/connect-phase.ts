import { buildConnector } from 'undici';

/** Errors of attempts to open a connection: DNS, TCP or TLS failed, so no request can have been written. */
const connectErrors = new WeakSet();

/** Marks an error as an error of the connect phase. */
export function tagConnectError(error: Error): Error {
  connectErrors.add(error);
  return error;
}

/** Builds undici's connector with a timeout, and tags each of its errors. */
export function taggingConnector(timeoutSeconds: number): buildConnector.connector {
  const connect = buildConnector({ timeout: timeoutSeconds * 1000 });
  return (options, callback) => {
    try {
      connect(options, (error, socket) => {
        if (error === null) callback(null, socket);
        else callback(tagConnectError(error), null);
      });
    } catch (error) {
      throw tagConnectError(error as Error);
    }
  };
}

/**
 * Returns true if an error came from the connect phase. Only the tag counts: codes such as ECONNREFUSED or EHOSTUNREACH
 * also come from established connections, on which a request may have been written.
 */
export function isConnectError(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  return connectErrors.has(error) || isConnectError((error as { cause?: unknown }).cause);
}
