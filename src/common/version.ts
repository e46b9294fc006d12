import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The version of the package and of its API, which are one. */
export const VERSION = readVersion(__dirname);

/** Reads the version of the nearest package.json above a directory: sources and built files are at different depths. */
function readVersion(directory: string): string {
  const file = join(directory, 'package.json');
  if (!existsSync(file)) {
    if (dirname(directory) === directory)
      throw new Error('package.json is missing: install the service with it');
    return readVersion(dirname(directory));
  }
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
