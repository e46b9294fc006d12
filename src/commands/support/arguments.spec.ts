import { LIFECYCLE } from '../../orders';
import {
  reconcileArguments,
  replayArguments,
  restoredArguments,
  UsageError,
  withoutArguments,
} from './arguments';

const NOW = new Date('2026-02-01T12:00:00Z');

describe('replayArguments', () => {
  it.each([
    ['2026-01-31', '2026-01-31T00:00:00.000Z'],
    ['2026-01-31T10:30:00Z', '2026-01-31T10:30:00.000Z'],
    ['90m', '2026-02-01T10:30:00.000Z'],
    ['24h', '2026-01-31T12:00:00.000Z'],
    ['3d', '2026-01-29T12:00:00.000Z'],
  ])('--since %s is read as an instant', (since, expected) => {
    expect(replayArguments(['--since', since], NOW)).toEqual({
      since: new Date(expected),
      event: undefined,
      orderId: undefined,
      after: 0,
    });
  });

  it('all options of a replay are read', () => {
    const args = ['--since=3d', '--event', 'OrderPaid', '--order', '7', '--after', '12'];
    expect(replayArguments(args, NOW)).toMatchObject({ event: 'OrderPaid', orderId: 7, after: 12 });
  });

  it.each([['--help'], ['-h']])('%s asks for help instead of a replay', (option) => {
    expect(replayArguments([option], NOW)).toBeUndefined();
  });

  it.each<[string[], string]>([
    [[], '--since is required'],
    [['--since'], "Option '--since <value>' argument missing"],
    [['--since', 'yesterday'], '--since: yesterday is no time'],
    [['--since', '2026-13-45'], '--since: 2026-13-45 is no time'],
    [['--since', '3d', '--order', 'x'], '--order: x is no id'],
    [['--since', '3d', '--after', '-1'], "Option '--after' argument is ambiguous"],
    [['--since', '3d', '--until', '2d'], "Unknown option '--until'"],
    [['--since', '3d', 'OrderPaid'], "Unexpected argument 'OrderPaid'"],
  ])('the replay arguments %j are refused', (args, message) => {
    expect(() => replayArguments(args, NOW)).toThrow(UsageError);
    expect(() => replayArguments(args, NOW)).toThrow(message);
  });
});

describe('withoutArguments', () => {
  it('a command without arguments accepts no option but help', () => {
    expect(withoutArguments([])).toEqual({});
    expect(withoutArguments(['-h'])).toBeUndefined();
    expect(() => withoutArguments(['--key', 'x'])).toThrow(UsageError);
  });
});

describe('reconcileArguments', () => {
  it('without --status all statuses that are not settled are selected', () => {
    const settled = ['estornado', 'recusado_por_risco', 'chargeback_perdido', 'chargeback_vencido'];
    expect(reconcileArguments([])).toEqual({
      statuses: LIFECYCLE.filter((status) => !settled.includes(status)),
      after: 0,
    });
  });

  it('--status may be repeated and may be a list', () => {
    expect(
      reconcileArguments(['--status', 'pendente', '--status=autorizado, estornado', '--after', '9']),
    ).toEqual({
      statuses: ['pendente', 'autorizado', 'estornado'],
      after: 9,
    });
  });

  it.each<[string[], string]>([
    [['--status', 'paid'], '--status: paid is none; there are pendente, '],
    [['--status', ''], '--status:  is none'],
    [['--since', '3d'], "Unknown option '--since'"],
    [['--after', '0'], '--after: 0 is no id'],
    [['--order', '7'], '--order and --shop are given together'],
    [['--shop', 'shop'], '--order and --shop are given together'],
    [['--shop', 'shop', '--order', 'x'], '--order: x is no id'],
    [['--shop', 'shop', '--order', '7', '--status', 'pendente'], '--order excludes --status'],
  ])('the reconcile arguments %j are refused', (args, message) => {
    expect(() => reconcileArguments(args)).toThrow(UsageError);
    expect(() => reconcileArguments(args)).toThrow(message);
  });

  it('--order may be repeated and may be a list; each order is read once, in ascending sequence', () => {
    const args = ['--shop', 'shop', '--order', '12, 7', '--order', '7'];
    expect(reconcileArguments(args)?.named).toEqual({ shop: 'shop', orderIds: [7, 12] });
  });
});

describe('restoredArguments', () => {
  it.each<[string[], string]>([
    [[], 'look'],
    [['--confirm'], 'mark'],
    [['--reopen'], 'reopen'],
  ])('%j is the action %s', (args, action) => {
    expect(restoredArguments(args)).toEqual({ action });
  });

  it('a restoration is not marked and reopened at once', () => {
    expect(() => restoredArguments(['--confirm', '--reopen'])).toThrow(UsageError);
  });
});
