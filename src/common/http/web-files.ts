import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { REFUSALS } from '../errors/refusals';
import { CachedContent } from './cached-content';

/** The path of the built browser code. */
export const WEB_PATH = '/web';

/** The directory of the browser code that `npm run build:web` has built: beside the built service, or below dist. */
const DIRECTORIES = [
  join(__dirname, '..', '..', '..', 'web'),
  join(__dirname, '..', '..', '..', 'dist', 'web'),
] as const;

const TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
};

/** The files of one page, by their names below {@link WEB_PATH}. */
export interface PageFiles {
  readonly script: string;
  readonly stylesheets: readonly string[];
}

interface ManifestEntry {
  readonly file: string;
  readonly css?: readonly string[];
}

/** The built browser code. Each file is read once. */
@Injectable()
export class WebFiles {
  private readonly directory = DIRECTORIES.find((each) => existsSync(join(each, 'manifest.json')));
  private readonly read = new Map<string, Promise<CachedContent>>();
  private manifest: Readonly<Record<string, ManifestEntry>> | undefined;

  /**
   * Returns the files of a page.
   * @param entry the page's script in the source, such as `checkout/main.tsx`
   * @throws ApiError 404 if the browser code was not built
   */
  pageFiles(entry: string): PageFiles {
    const built = this.entries()[entry];
    if (built === undefined) throw REFUSALS[404]();
    return { script: built.file, stylesheets: built.css ?? [] };
  }

  /** @throws ApiError 404 for a name that is no built file. */
  async find(name: string): Promise<{ readonly type: string; readonly content: CachedContent }> {
    const isBuilt = Object.values(this.entries()).some(
      ({ file, css = [] }) => file === name || css.includes(name),
    );
    const type = TYPES[name.slice(name.lastIndexOf('.') + 1)];
    if (this.directory === undefined || !isBuilt || type === undefined) throw REFUSALS[404]();
    const content =
      this.read.get(name) ?? readFile(join(this.directory, name)).then((bytes) => new CachedContent(bytes));
    this.read.set(name, content);
    return { type, content: await content };
  }

  private entries(): Readonly<Record<string, ManifestEntry>> {
    if (this.directory === undefined) return {};
    this.manifest ??= JSON.parse(readFileSync(join(this.directory, 'manifest.json'), 'utf8')) as Record<
      string,
      ManifestEntry
    >;
    return this.manifest;
  }
}
