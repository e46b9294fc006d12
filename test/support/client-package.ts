import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');

/** Builds and packs the client, and makes a new project in which it is installed, and nothing else. @returns its directory */
export function newProject(): string {
  const directory = mkdtempSync(join(tmpdir(), 'appmax-checkout-project-'));
  execFileSync(process.execPath, [join(ROOT, 'tools', 'build-client.mjs')], { stdio: 'inherit' });
  const packed = execFileSync(
    'npm',
    ['pack', join(ROOT, 'client'), '--pack-destination', directory, '--offline', '--silent'],
    { encoding: 'utf8', shell: process.platform === 'win32' },
  ).trim();
  const installed = join(directory, 'node_modules', 'appmax-checkout-client');
  mkdirSync(installed, { recursive: true });
  execFileSync('tar', ['-xzf', join(directory, packed), '--strip-components=1', '-C', installed]);
  writeFileSync(join(directory, 'package.json'), '{ "type": "module", "private": true }\n');
  return directory;
}

/** Copies a directory of the repository into a project. */
export function copyInto(project: string, path: string): void {
  cpSync(join(ROOT, path), project, { recursive: true });
}
