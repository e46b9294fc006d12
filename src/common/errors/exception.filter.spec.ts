import {
  BadRequestException,
  ForbiddenException,
  InternalServerErrorException,
  Logger,
  NotFoundException,
} from '@nestjs/common';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host';
import { currentRequest } from '../http/request-context';
import { ApiError, invalidBody } from './api-error';
import { ApiExceptionFilter } from './exception.filter';

const REQUEST = { id: 'the-request', method: 'POST', url: '/webhooks/appmax' };

interface Answer {
  status: number | undefined;
  headers: Readonly<Record<string, string>> | undefined;
  body: unknown;
}

/** Returns the response of a route that throws `exception`. */
function answerTo(exception: unknown): Answer {
  const answer: Answer = { status: undefined, headers: undefined, body: undefined };
  const reply = {
    request: REQUEST,
    headers(headers: Readonly<Record<string, string>>) {
      answer.headers = headers;
      return reply;
    },
    status(status: number) {
      answer.status = status;
      return reply;
    },
    send(body: unknown) {
      answer.body = body;
      return reply;
    },
  };
  new ApiExceptionFilter().catch(exception, new ExecutionContextHost([{}, reply]));
  return answer;
}

const fastifyError = (statusCode: number): Error =>
  Object.assign(new Error(`insides of the library (${statusCode})`), { statusCode });

const OF_ERRORS = { 'Cache-Control': 'no-store', 'Content-Type': 'application/json; charset=utf-8' };

describe('ApiExceptionFilter', () => {
  let logged: jest.SpyInstance;

  beforeEach(() => {
    logged = jest.spyOn(Logger.prototype, 'error').mockReturnValue(undefined);
  });

  afterEach(() => {
    logged.mockRestore();
  });

  it('an unforeseen error is logged with its request, also of a route without a context', () => {
    let request: unknown;
    logged.mockImplementation(() => (request = currentRequest()));
    answerTo(new Error('unforeseen'));
    expect(request).toBe(REQUEST);
  });

  it('our own errors are answered with their fields and headers', () => {
    const error = new ApiError(409, 'order already paid', {
      details: { order_id: 7, status: 'aprovado' },
      headers: { 'Retry-After': '5' },
    });
    expect(answerTo(error)).toEqual({
      status: 409,
      headers: { ...OF_ERRORS, 'Retry-After': '5' },
      body: { message: 'order already paid', code: 'order_already_paid', order_id: 7, status: 'aprovado' },
    });
    expect(logged).not.toHaveBeenCalled();
  });

  it('an invalid body is answered field by field', () => {
    const errors = [{ field: 'customer.email', message: 'is none' }];
    expect(answerTo(invalidBody(errors))).toMatchObject({
      status: 400,
      body: { message: 'invalid request body', code: 'invalid_request_body', errors },
    });
  });

  it.each([
    ['a body that is not JSON', fastifyError(400), 400, 'invalid request body', 'invalid_request_body'],
    [
      'a bad request of the framework',
      new BadRequestException('insides'),
      400,
      'invalid request body',
      'invalid_request_body',
    ],
    [
      'a route that is not there',
      new NotFoundException('insides'),
      404,
      'not found: GET /docs lists what there is',
      'not_found',
    ],
    [
      'a body too large',
      fastifyError(413),
      413,
      'request body is too large: at most 256 KiB, for a webhook 64 KiB',
      'request_body_too_large',
    ],
    [
      'a body of another type',
      fastifyError(415),
      415,
      'send the body as application/json',
      'unsupported_content_type',
    ],
    [
      'a refusal of the framework',
      new ForbiddenException('Forbidden resource'),
      403,
      'Forbidden resource',
      'request_refused',
    ],
  ])('%s is answered with a message of ours', (_, exception, status, message, code) => {
    expect(answerTo(exception)).toEqual({ status, headers: OF_ERRORS, body: { message, code } });
    expect(logged).not.toHaveBeenCalled();
  });

  it('an unreachable database is answered 503, and the error is logged', () => {
    const exception = new Error('timeout exceeded when trying to connect');
    expect(answerTo(exception)).toEqual({
      status: 503,
      headers: { ...OF_ERRORS, 'Retry-After': '1' },
      body: { message: 'service temporarily unavailable: try again later', code: 'database_unavailable' },
    });
    expect(logged).toHaveBeenCalledWith(exception);
  });

  it.each([
    ['an error', new Error('SELECT password FROM merchants')],
    ['an error of the framework', new InternalServerErrorException('insides')],
    ['an error with a 5xx of its own', fastifyError(503)],
    ['an error whose status is no number', Object.assign(new Error('insides'), { statusCode: '404' })],
    ['a text', 'insides'],
    ['an empty object', {}],
    ['null', null],
    ['nothing', undefined],
  ])('%s that was thrown is logged, and not shown to the client', (_, exception) => {
    expect(answerTo(exception)).toEqual({
      status: 500,
      headers: OF_ERRORS,
      body: { message: 'internal server error', code: 'internal_server_error' },
    });
    expect(logged).toHaveBeenCalledTimes(1);
    expect(logged).toHaveBeenCalledWith(exception);
  });
});
