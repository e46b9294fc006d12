import { ApiError } from '../errors/api-error';
import { PAGE_HEADERS } from './page';

/** 400: a parameter is missing. `known` are the other parameters, for a form that asks for the missing one. */
export class MissingParameter extends ApiError {
  constructor(
    name: string,
    readonly known: Readonly<Record<string, string | undefined>> = {},
  ) {
    super(400, `${name} is required`);
  }
}

/** A page to send instead of an error or a redirect. It is thrown as an error. */
export class PageInstead extends ApiError {
  constructor(
    status: number,
    private readonly html: string,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(status, '', { headers: { ...PAGE_HEADERS, ...headers } });
  }

  override getResponse(): string {
    return this.html;
  }
}
