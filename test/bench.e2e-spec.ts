import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { itInCampaigns } from './support/campaign';

interface Output {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built command to its end. */
function bench(...parameters: string[]): Promise<Output> {
  const child = spawn(process.execPath, [join(__dirname, '..', 'dist', 'bench', 'main.js'), ...parameters], {
    env: { PATH: process.env['PATH'] },
    cwd: tmpdir(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const texts = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (texts.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (texts.stderr += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      resolve({ code, ...texts });
    });
  });
}

describe('The command of the benchmarks', () => {
  itInCampaigns(
    'the table has service and floor of each measurement, with all events of all clients',
    async () => {
      const { code, stdout, stderr } = await bench('stream', '--quick', '--markdown');
      expect({ code, failure: code === 0 ? '' : stderr }).toEqual({ code: 0, failure: '' });
      const rows = stdout
        .split('\n')
        .filter((line) => line.startsWith('| stream'))
        .map((line) => line.split('|').map((cell) => cell.trim()));
      expect(rows.map(([, name]) => name)).toEqual([
        'stream: the service changes an order, to the last of its 10 events',
        'stream: 200 orders are changed together, to the last of 2000 events',
        'stream: CPU of an event',
      ]);
      for (const [, name, service, floor, ratio] of rows)
        expect([name, parseFloat(service!) > 0, parseFloat(floor!) > 0, Number(ratio) > 0]).toEqual([
          name,
          true,
          true,
          true,
        ]);
    },
  );

  it('an unknown name is refused with the names that exist', async () => {
    const { code, stdout, stderr } = await bench('pix');
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^No benchmark is named pix\. The benchmarks: .*stream/);
  });
});
