import { ERROR_CODES } from '../../../src/common/errors/error-codes';
import { type Answer, send } from '../http';
import { AnswerCheck } from './answer-check';
import type { OpenApi } from './document';

const CODES: ReadonlySet<unknown> = new Set(ERROR_CODES.map(([code]) => code));

let check: Promise<AnswerCheck> | undefined;

/**
 * Throws if the OpenAPI document does not describe an answer, or if the documentation lacks the code of an error. The
 * document is fetched once, from the first service that answers: every service has the same.
 */
export async function checkAnswer(url: string, method: string, path: string, answer: Answer): Promise<void> {
  const { code } = answer.body;
  if (answer.status >= 400 && code !== undefined && !CODES.has(code))
    throw new Error(
      `${method} ${path} answers the code ${JSON.stringify(code)}, which error-codes.ts does not list`,
    );
  check ??= load(url);
  const loaded = await check.catch(() => undefined);
  // The service was stopped before the document was fetched: the next answer is checked.
  if (loaded === undefined) {
    check = undefined;
    return;
  }
  const fault = loaded.faultOf(method, path, answer);
  if (fault !== undefined) {
    throw new Error(
      `${method} ${path} is not answered as documented: ${fault}\n${answer.text.slice(0, 1000)}`,
    );
  }
}

async function load(url: string): Promise<AnswerCheck> {
  const { status, body } = await send('GET', `${url}/openapi.json`);
  if (status !== 200) throw new Error(`GET /openapi.json answers ${status}`);
  return new AnswerCheck(body as unknown as OpenApi);
}
