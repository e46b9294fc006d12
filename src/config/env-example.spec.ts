import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { environmentSchema } from './env.schema';

describe('.env.example', () => {
  const text = readFileSync(join(__dirname, '..', '..', '.env.example'), 'utf8');

  it('.env.example lists exactly the variables that the service reads, each once', () => {
    const listed = [...text.matchAll(/^([A-Z][A-Z0-9_]*)=/gm)].map(([, name]) => name);
    expect(listed.sort()).toEqual(Object.keys(environmentSchema.shape).sort());
  });

  it('.env.example describes each variable', () => {
    const lines = text.split('\n');
    const bare = lines.filter(
      (line, index) => /^[A-Z]/.test(line) && /^(---|\s*$)/.test(lines[index - 1] ?? ''),
    );
    expect(bare).toEqual([]);
  });
});
