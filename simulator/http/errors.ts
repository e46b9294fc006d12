import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { ApiError, errorAnswer } from '../appmax/api-error';
import { callOf } from '../appmax/call-context';
import { ControlError } from '../control/control-error';
import { html } from '../pages/html';
import { layout } from '../pages/layout';
import { sendPage } from '../pages/send-page';
import { type Simulator } from '../simulator';

function statusOf(error: unknown): number {
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500;
}

function answerControlError(
  simulator: Simulator,
  error: ControlError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  if (request.headers.accept?.includes('text/html') !== true) {
    return reply.code(error.status).send({ message: error.message });
  }
  const content = html`<p>${error.message}</p>
    <p><a href="/">All orders</a></p>`;
  const page = layout({ title: 'That is not possible', section: '/', content }, simulator.clock.state());
  return sendPage(reply, page, error.status);
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

/** How everything that is refused is answered: in Appmax's forms, as JSON, or as a page. */
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
    }
    return reply.code(404).send({ message: 'Not Found' });
  });
}
