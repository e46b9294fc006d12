import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environmentSchema } from './env.schema';

const PROJECT = join(__dirname, '..', '..');

describe('.env.example', () => {
  const text = readFileSync(join(PROJECT, '.env.example'), 'utf8');

  it('.env.example lists every variable that the service reads, once, and no other', () => {
    const listed = [...text.matchAll(/^([A-Z][A-Z0-9_]*)=/gm)].map(([, name]) => name);
    expect(listed.sort()).toEqual(Object.keys(environmentSchema.shape).sort());
  });

  it('.env.example explains each variable in a comment above it', () => {
    const lines = text.split('\n');
    const bare = lines.filter(
      (line, index) => /^[A-Z]/.test(line) && /^(---|\s*$)/.test(lines[index - 1] ?? ''),
    );
    expect(bare).toEqual([]);
  });

  // Windows has no make; there, `install` runs in WSL.
  (process.platform === 'win32' ? it.skip : it)(
    'make .env fills in every password, key and token, each with its own random value',
    () => {
      const directory = mkdtempSync(join(tmpdir(), 'appmax-checkout-env-'));
      try {
        for (const file of ['Makefile', '.env.example'])
          copyFileSync(join(PROJECT, file), join(directory, file));
        execFileSync('make', ['.env'], { cwd: directory, stdio: 'ignore' });
        const made = readFileSync(join(directory, '.env'), 'utf8');
        const secrets = ['DB_PASSWORD', 'REDIS_PASSWORD', 'API_SECRET_KEYS', 'WEBHOOK_TOKEN', 'APP_KEY'];
        const values = secrets.map((name) => new RegExp(`^${name}=(.{44,48})$`, 'm').exec(made)?.[1]);
        expect(values).not.toContain(undefined);
        expect(new Set(values).size).toBe(secrets.length);
      } finally {
        rmSync(directory, { recursive: true });
      }
    },
  );
});
