import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** Returns the path of a Chromium: `CHROMIUM_PATH`, or the first on the PATH. @throws Error if there is none. */
export function chromiumPath(environment: NodeJS.ProcessEnv = process.env): string {
  const { CHROMIUM_PATH: given, PATH: path = '' } = environment;
  const candidates = path.split(delimiter).flatMap((directory) => NAMES.map((name) => join(directory, name)));
  const found = given === undefined || given === '' ? candidates.find(existsSync) : given;
  if (found === undefined) throw new Error('This benchmark needs a Chromium on the PATH, or CHROMIUM_PATH');
  return found;
}
