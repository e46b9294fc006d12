import { readFile, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';

/** The file that lists the package's symbolic links, because npm packages cannot contain them. */
const LINKS = 'pg-symlinks.json';
const linksSchema = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * Creates the symbolic links that PostgreSQL needs to find its libraries. The package's own install script would do
 * that, but this project installs without scripts.
 *
 * @param directory the package's `native` directory.
 * @throws Error if the list cannot be read or a link cannot be created.
 */
export async function linkLibraries(directory: string): Promise<void> {
  // On platforms that need no links, such as Windows, there is no list.
  const list = await readFile(join(directory, LINKS), 'utf8').catch(unless('ENOENT'));
  const root = dirname(directory);
  for (const { source, target } of linksSchema.parse(JSON.parse(list ?? '[]'))) {
    // The link may exist already, or another process may create it at the same time.
    await symlink(relative(dirname(target), source), join(root, target)).catch(unless('EEXIST'));
  }
}

/** Ignores one error code of the file system; rethrows any other error. */
function unless(expected: string): (error: unknown) => undefined {
  return (error) => {
    if ((error as NodeJS.ErrnoException).code !== expected) throw error;
    return undefined;
  };
}
