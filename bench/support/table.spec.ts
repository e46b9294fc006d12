import { type BenchResult } from './result';
import { markdownTable, textTable } from './table';

const RESULTS: readonly BenchResult[] = [
  { name: 'status', unit: '/s', service: 12_345.6, floor: 20_000, p50: 3.456, p99: 25.04 },
  { name: 'memory | idle', unit: 'MB', service: 129.4, note: 'after 100 requests' },
];

describe('The table of the benchmarks', () => {
  it('a terminal gets aligned columns, and the notes below them', () => {
    expect(textTable(RESULTS).split('\n')).toEqual([
      'what            service     floor  ratio  p50 ms  p99 ms',
      'status         12,346/s  20,000/s   0.62    3.46    25.0',
      'memory | idle    129 MB',
      'memory | idle: after 100 requests',
    ]);
  });

  it('Markdown gets a table whose cells contain no separator', () => {
    expect(markdownTable(RESULTS).split('\n')).toEqual([
      '| what | service | floor | ratio | p50 ms | p99 ms |',
      '| --- | ---: | ---: | ---: | ---: | ---: |',
      '| status | 12,346/s | 20,000/s | 0.62 | 3.46 | 25.0 |',
      '| memory \\| idle | 129 MB |  |  |  |  |',
      '',
      '- memory | idle: after 100 requests',
    ]);
  });

  it('results without a note have nothing below the table', () => {
    expect(markdownTable(RESULTS.slice(0, 1)).split('\n')).toHaveLength(3);
  });
});
