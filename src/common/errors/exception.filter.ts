import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { runInRequestContext } from '../http/request-context';
import { ApiError } from './api-error';
import { databaseUnavailable, isDatabaseUnavailable } from './database-unavailable';
import { internalError, refusalOf } from './refusals';

/** The headers of every error. They replace the route's own, which are for a success, such as the type of a stream. */
const OF_ERRORS = { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' };

/** Turns any exception into a response: an ApiError unchanged, others into one without internal details. */
@Catch()
export class ApiExceptionFilter implements ExceptionFilter {
  private readonly logger = new Logger('Errors');

  catch(exception: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const error = this.toApiError(exception, reply.request);
    void reply
      .headers({ ...OF_ERRORS, ...error.headers })
      .status(error.getStatus())
      .send(error.getResponse());
  }

  private toApiError(exception: unknown, request: FastifyRequest): ApiError {
    if (exception instanceof ApiError) return exception;
    const status = statusOf(exception);
    const refusal = refusalOf(status);
    if (refusal !== undefined) return refusal;
    if (status >= 400 && status < 500)
      return new ApiError(status, (exception as Error).message, { code: 'request_refused' });
    // Not every route runs in a context, but each error is logged with its request.
    runInRequestContext(request, () => {
      this.logger.error(exception);
    });
    if (isDatabaseUnavailable(exception)) return databaseUnavailable();
    return internalError();
  }
}

function statusOf(exception: unknown): number {
  if (exception instanceof HttpException) return exception.getStatus();
  const { statusCode } = (exception ?? {}) as { statusCode?: unknown };
  return typeof statusCode === 'number' ? statusCode : 500;
}
