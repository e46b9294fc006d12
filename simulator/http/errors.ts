import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { ApiError, errorAnswer } from '../appmax/api-error';
import { callOf } from '../appmax/call-context';
import { ControlError } from '../control/control-error';
import { html } from '../pages/html/html';
import { layout } from '../pages/html/layout';
import { sendPage } from '../pages/orders/send-page';
import { refererPath } from '../pages/referer-path';
import { type Simulator } from '../simulator';

function statusOf(error: unknown): number {
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500;
}

function wantsPage({ headers }: FastifyRequest): boolean {
  return headers.accept?.includes('text/html') === true;
}

function answerControlError(
  simulator: Simulator,
  error: ControlError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  if (!wantsPage(request)) {
    return reply.code(error.status).send({ message: error.message });
  }
  const title = error.status === 404 ? 'Not found' : 'That is not possible';
  return answerPage(simulator, request, reply, { title, message: error.message, status: error.status });
}

interface Refusal {
  readonly title: string;
  readonly message: string;
  readonly status: number;
}

/** Sends a page that explains a refusal and links back. */
function answerPage(
  simulator: Simulator,
  request: FastifyRequest,
  reply: FastifyReply,
  { title, message, status }: Refusal,
): FastifyReply {
  const content = html`<p class="notice bad" role="alert">${message}</p>
    <p><a href="${refererPath(request)}">Back</a> · <a href="/">All orders</a></p>`;
  return sendPage(reply, layout({ title, content }, simulator.clock.state()), status);
}

function answerError(
  simulator: Simulator,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  if (error instanceof ApiError) {
    const generation = callOf(request)?.generation ?? simulator.settings.api;
    const { status, body } = errorAnswer(error, generation, simulator.settings.error_form);
    return reply.code(status).send(body);
  }
  if (error instanceof ControlError) return answerControlError(simulator, error, request, reply);
  const status = statusOf(error);
  if (status === 500) console.error(error);
  return reply
    .code(status)
    .send({ message: error instanceof Error && status < 500 ? error.message : 'Server Error' });
}

/** Registers the error handlers. They answer in Appmax's forms, as JSON, or with a page. */
export function registerErrors(app: FastifyInstance, simulator: Simulator): void {
  app.setErrorHandler((error, request, reply) => answerError(simulator, error, request, reply));
  app.setNotFoundHandler((request, reply) => {
    if (/^\/(v1|app|oauth2)\b/.test(request.url)) {
      const entry = simulator.requests.begin({
        method: request.method,
        route: '(unknown)',
        path: request.url,
      });
      entry.status = 404;
    } else if (request.method === 'GET' && wantsPage(request)) {
      const message = `There is no page at ${request.url}.`;
      return answerPage(simulator, request, reply, { title: 'Not found', message, status: 404 });
    }
    return reply.code(404).send({ message: 'Not Found' });
  });
}
