import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ApiError, invalidBody } from './api-error';

/** What Fastify and Nest themselves refuse before a controller is reached, by status. */
const REFUSALS: Readonly<Record<number, () => ApiError>> = {
  400: () => invalidBody(),
  404: () => new ApiError(404, 'not found: GET /docs lists what there is'),
  413: () => new ApiError(413, 'request body is too large: at most 256 KiB'),
  415: () => new ApiError(415, 'send the body as application/json'),
};

/** Turns whatever was thrown into an answer: ours as they are, the rest into one that tells the client nothing of our insides. */
@Catch()
export class ApiExceptionFilter implements ExceptionFilter {
  private readonly logger = new Logger('Errors');

  catch(exception: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const error = this.toApiError(exception);
    void reply.headers(error.headers).status(error.getStatus()).send(error.getResponse());
  }

  private toApiError(exception: unknown): ApiError {
    if (exception instanceof ApiError) return exception;
    const status = statusOf(exception);
    const refusal = REFUSALS[status];
    if (refusal !== undefined) return refusal();
    if (status >= 400 && status < 500) return new ApiError(status, (exception as Error).message);
    this.logger.error(exception);
    return new ApiError(500, 'internal server error');
  }
}

function statusOf(exception: unknown): number {
  if (exception instanceof HttpException) return exception.getStatus();
  const { statusCode } = (exception ?? {}) as { statusCode?: unknown };
  return typeof statusCode === 'number' ? statusCode : 500;
}
