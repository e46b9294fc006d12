import { ApiError } from './api-error';

/** 429: the caller, or the order, is above its rate limit. */
export function tooManyRequests(seconds: number, message = 'too many requests: try again later'): ApiError {
  return new ApiError(429, message, {
    headers: { 'Retry-After': String(seconds) },
  });
}
