import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ApiError } from './api-error';
import { databaseUnavailable, isDatabaseUnavailable } from './database-unavailable';
import { refusalOf } from './refusals';

/** A route's own headers are about its success: a stream's type, how long a file may be kept. */
const OF_ERRORS = { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' };

/** Turns whatever was thrown into an answer: ours as they are, the rest into one that tells the client nothing of our insides. */
@Catch()
export class ApiExceptionFilter implements ExceptionFilter {
  private readonly logger = new Logger('Errors');

  catch(exception: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const error = this.toApiError(exception);
    void reply
      .headers({ ...OF_ERRORS, ...error.headers })
      .status(error.getStatus())
      .send(error.getResponse());
  }

  private toApiError(exception: unknown): ApiError {
    if (exception instanceof ApiError) return exception;
    const status = statusOf(exception);
    const refusal = refusalOf(status);
    if (refusal !== undefined) return refusal;
    if (status >= 400 && status < 500) return new ApiError(status, (exception as Error).message);
    this.logger.error(exception);
    if (isDatabaseUnavailable(exception)) return databaseUnavailable();
    return new ApiError(500, 'internal server error');
  }
}

function statusOf(exception: unknown): number {
  if (exception instanceof HttpException) return exception.getStatus();
  const { statusCode } = (exception ?? {}) as { statusCode?: unknown };
  return typeof statusCode === 'number' ? statusCode : 500;
}
