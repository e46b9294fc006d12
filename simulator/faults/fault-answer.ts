import { errorBody } from '../appmax/api-error';
import { type Fault, faultStatus } from './fault';

/** A response that a fault sends instead of the real one. */
export interface FaultAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

const JSON_TYPE = 'application/json; charset=utf-8';

const reasons: Readonly<Record<number, string>> = {
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Temporarily Unavailable',
  504: 'Gateway Time-out',
};

/** Returns the HTML page that the CDN in front of Appmax sends when Appmax does not answer. */
export function edgePage(status: number): string {
  const title = `${status} ${reasons[status] ?? 'Error'}`;
  return `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>cloudflare</center>\r\n</body>\r\n</html>\r\n`;
}

function json(status: number, body: unknown): FaultAnswer {
  return { status, contentType: JSON_TYPE, body: JSON.stringify(body) };
}

/**
 * Builds the response that a fault sends instead of the real one.
 * @returns null for the kinds that change the real response or send none
 */
export function faultAnswer(fault: Fault): FaultAnswer | null {
  const status = faultStatus(fault);
  switch (fault.kind) {
    case 'status':
      return json(status, fault.body ?? errorBody(fault.form, fault.message));
    case 'html':
      return { status, contentType: 'text/html', body: edgePage(status) };
    case 'empty_body':
      return { status, contentType: JSON_TYPE, body: '' };
    case 'late':
      return typeof fault.answer === 'number'
        ? json(fault.answer, fault.body ?? errorBody(fault.form, fault.message))
        : null;
    case 'empty_data':
      return json(200, { data: [] });
    case 'success_false':
      return json(200, errorBody('success_false', fault.message));
    case 'token_revoked':
      return json(401, { message: 'Unauthenticated.' });
    case 'hang':
    case 'reset':
    case 'truncate':
    case 'drip':
    case 'expires_in':
      return null;
  }
}

/** Builds the response that `truncate` and `drip` corrupt if the call was not carried out. */
export function defaultAnswer(fault: Fault): FaultAnswer {
  return json(200, errorBody('success_false', fault.message));
}
