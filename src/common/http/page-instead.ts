import { ApiError } from '../errors/api-error';
import { PAGE_HEADERS } from './page';

/** 400: a parameter is missing. A browser may be asked for it by a page that has filled in what is known. */
export class MissingParameter extends ApiError {
  constructor(
    name: string,
    readonly known: Readonly<Record<string, string | undefined>> = {},
  ) {
    super(400, `${name} is required`);
  }
}

/** A page, thrown where it takes the place of an answer that has a form of its own: a redirect, or an error. */
export class PageInstead extends ApiError {
  constructor(
    status: number,
    private readonly html: string,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(status, '', { headers: { ...headers, ...PAGE_HEADERS } });
  }

  override getResponse(): string {
    return this.html;
  }
}
