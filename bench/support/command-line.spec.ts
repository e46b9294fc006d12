import { readCommand } from './command-line';

const NAMES = { all: ['status', 'stream', 'simulator'], byDefault: ['status', 'stream'] };

describe('readCommand', () => {
  it.each([
    ['nothing runs the benchmarks of the service', [], NAMES.byDefault, false, false],
    ['a name runs that one', ['simulator'], ['simulator'], false, false],
    ['names run in the order given', ['stream', 'status'], ['stream', 'status'], false, false],
    ['options stand before or after names', ['--quick', 'stream', '--markdown'], ['stream'], true, true],
    ['an option alone runs all in that way', ['--quick'], NAMES.byDefault, true, false],
  ])('%s', (_, parameters, names, quick, markdown) => {
    expect(readCommand(parameters, NAMES)).toEqual({ names, quick, markdown });
  });

  it('an unknown name is refused by a message with all names', () => {
    expect(() => readCommand(['status', 'pix'], NAMES)).toThrow(
      'No benchmark is named pix. The benchmarks: status, stream, simulator',
    );
  });

  it('an unknown option is refused', () => {
    expect(() => readCommand(['--fast'], NAMES)).toThrow('--fast');
  });
});
