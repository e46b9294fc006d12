import { mkdir, mkdtemp, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { linkLibraries } from './libraries';

describe("The links of PostgreSQL's libraries", () => {
  let root: string;
  let native: string;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'libraries-'));
    native = join(root, 'native');
    await mkdir(join(native, 'lib'), { recursive: true });
    await writeFile(join(native, 'lib', 'libpq.so.5.16'), 'code');
  });

  afterEach(() => rm(root, { recursive: true }));

  const list = (text: string): Promise<void> => writeFile(join(native, 'pg-symlinks.json'), text);

  it('any number of processes can make the links that the package lists', async () => {
    await list('[{"source":"native/lib/libpq.so.5.16","target":"native/lib/libpq.so.5"}]');
    await Promise.all([linkLibraries(native), linkLibraries(native)]);
    await linkLibraries(native);
    expect(await readlink(join(native, 'lib', 'libpq.so.5'))).toBe('libpq.so.5.16');
    expect(await readFile(join(native, 'lib', 'libpq.so.5'), 'utf8')).toBe('code');
  });

  it('no link is made if the package lists none', async () => {
    await expect(linkLibraries(native)).resolves.toBeUndefined();
  });

  it.each(['{}', '[{"source":1}]', '['])('an invalid list is refused: %s', async (text) => {
    await list(text);
    await expect(linkLibraries(native)).rejects.toThrow();
  });
});
