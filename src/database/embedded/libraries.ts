import { readFile, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';

/** The list in a package of PostgreSQL's programs: npm packages can't hold links. */
const LINKS = 'pg-symlinks.json';
const linksSchema = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * Makes the links by which PostgreSQL finds its libraries. The package has an install script for that, and installing
 * runs no scripts here.
 *
 * @param directory the package's `native`.
 * @throws Error when the list can't be read, or a link can't be made.
 */
export async function linkLibraries(directory: string): Promise<void> {
  // Where libraries are found without links, as on Windows, there is no list.
  const list = await readFile(join(directory, LINKS), 'utf8').catch(unless('ENOENT'));
  const root = dirname(directory);
  for (const { source, target } of linksSchema.parse(JSON.parse(list ?? '[]'))) {
    // It may have been made before, or by another process at this moment.
    await symlink(relative(dirname(target), source), join(root, target)).catch(unless('EEXIST'));
  }
}

/** Lets one failure of the file system pass. */
function unless(expected: string): (error: unknown) => undefined {
  return (error) => {
    if ((error as NodeJS.ErrnoException).code !== expected) throw error;
    return undefined;
  };
}
