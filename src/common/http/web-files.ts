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

/** The manifests of the builds: the console's is a build of its own, so that it shares no file with the payment page. */
const MANIFESTS = ['manifest.json', 'manifest-console.json'] as const;

/** The directory of the built browser code, and Vite's list of what is in it. */
interface Built {
  readonly directory: string;
  readonly entries: Readonly<Record<string, ManifestEntry>>;
}

let found: Built | undefined;

/** Returns the built browser code. Looks for it until it is there: the quickstart builds it while the service starts. */
function built(): Built | undefined {
  if (found !== undefined) return found;
  const directory = DIRECTORIES.find((each) => MANIFESTS.every((name) => existsSync(join(each, name))));
  if (directory === undefined) return undefined;
  const lists = MANIFESTS.map((name) => JSON.parse(readFileSync(join(directory, name), 'utf8')) as object);
  return (found = { directory, entries: Object.assign({}, ...lists) as Built['entries'] });
}

/**
 * Returns the files of a page; none if the browser code was not built.
 *
 * @param entry the page's script in the source, such as `pages/main.ts`
 */
export function builtFiles(entry: string): Partial<PageFiles> & Pick<PageFiles, 'stylesheets'> {
  const files = built()?.entries[entry];
  if (files === undefined) return { stylesheets: [] };
  // Vite lists what a page shares with others last; the page's own rules must come after it.
  return { script: files.file, stylesheets: [...(files.css ?? [])].reverse() };
}

/** The built browser code. Each file is read once. */
@Injectable()
export class WebFiles {
  private readonly read = new Map<string, Promise<CachedContent>>();

  /**
   * Returns the files of a page that can't do without its script.
   * @param entry the page's script in the source, such as `checkout/main.tsx`
   * @throws ApiError 404 if the browser code was not built
   */
  pageFiles(entry: string): PageFiles {
    const { script, stylesheets } = builtFiles(entry);
    if (script === undefined) throw REFUSALS[404]();
    return { script, stylesheets };
  }

  /** @throws ApiError 404 for a name that is no built file. */
  async find(name: string): Promise<{ readonly type: string; readonly content: CachedContent }> {
    const { directory = '', entries = {} } = built() ?? {};
    const isBuilt = Object.values(entries).some(({ file, css = [] }) => file === name || css.includes(name));
    const type = TYPES[name.slice(name.lastIndexOf('.') + 1)];
    if (!isBuilt || type === undefined) throw REFUSALS[404]();
    const content =
      this.read.get(name) ?? readFile(join(directory, name)).then((bytes) => new CachedContent(bytes));
    this.read.set(name, content);
    return { type, content: await content };
  }
}
