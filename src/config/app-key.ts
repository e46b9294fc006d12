import { z } from 'zod';

/** 32 random bytes, as base64: `openssl rand -base64 32` makes them. */
export const APP_KEY = /^[A-Za-z0-9+/_-]{43}=?$/;
/** The fault of a value that is no key. */
export const NO_APP_KEY = 'must be 32 bytes as base64 (make them with: openssl rand -base64 32)';

/** A key of the Go example's framework: 32 characters, which are no base64 of 32 bytes. */
const GO_KEY = /^[!-~]{32}$/;
const HAS_GO_KEY =
  'has 32 characters, as in the Go example, which encrypted nothing with it: make a new one (openssl rand -base64 32)';

/** Returns the bytes of a key. */
export const fromBase64 = (text: string): Buffer => Buffer.from(text, 'base64');

/** Reads one key. */
export const appKey = z
  .string()
  .trim()
  .refine((text) => !GO_KEY.test(text), { error: HAS_GO_KEY, abort: true })
  .regex(APP_KEY, NO_APP_KEY)
  .transform(fromBase64);
