import type { Generation } from '../../simulator/control-client';
import type { Answer } from '../support/http';
import type { World } from './world';

/** A row of the contract's tables: a request and its expected response. */
export interface Row {
  readonly title: string;
  readonly ask: (world: World) => Promise<Answer>;
  readonly status: number | Readonly<Record<Generation, number>>;
  /** Compared as a whole; may contain Jest's matchers. */
  readonly body?: unknown;
  /** A text that a response without JSON must contain. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, unknown>>;
}

/** Makes the request of a row and checks the response, also against the rules for every response. */
export async function check({ ask, status, body, text, headers }: Row, world: World): Promise<void> {
  const answer = await ask(world);
  const expected = typeof status === 'number' ? status : status[world.api];
  expect({ status: answer.status, ...(body === undefined ? {} : { body: answer.body }) }).toEqual({
    status: expected,
    ...(body === undefined ? {} : { body }),
  });
  if (text !== undefined) expect(answer.text).toContain(text);
  if (headers !== undefined) expect(Object.fromEntries(answer.headers)).toMatchObject(headers);
  expect(answer.headers.get('x-request-id')).toMatch(/^[\w.:-]{1,128}$/);
  if (answer.status >= 400) expect(typeof answer.body['message']).toBe('string');
}

export const aNumber = expect.any(Number) as number;
export const aToken = expect.stringMatching(/^[0-9a-f]{64}$/) as string;
export const aText = expect.stringMatching(/./) as string;
export const aUuid = expect.stringMatching(
  /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
) as string;
