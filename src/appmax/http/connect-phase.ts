import { buildConnector } from 'undici';

/** Errors of attempts to open a connection: DNS, TCP or TLS failed, so there was nothing to write a request to. */
const connectErrors = new WeakSet();

/** Remembers an error as one of the connect phase. */
export function tagConnectError(error: Error): Error {
  connectErrors.add(error);
  return error;
}

/** Opens connections as undici does, and tags every error of it. */
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
 * Tells whether an error came from the connect phase. It reads the tag alone: codes such as ECONNREFUSED or EHOSTUNREACH
 * also come from established connections, on which a request may have been written.
 */
export function isConnectError(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  return connectErrors.has(error) || isConnectError((error as { cause?: unknown }).cause);
}
