import { isScheduleDue, nextSyncAge, nextSyncAt, stageOf } from './sync-schedule';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const SINCE = new Date('2026-01-01T00:00:00Z');
const after = (seconds: number): Date => new Date(SINCE.getTime() + seconds * 1000);

describe('stageOf', () => {
  it.each([
    ['pendente', 'open'],
    ['autorizado', 'open'],
    ['pendente_integracao_em_analise', 'open'],
    ['chargeback_em_tratativa', 'open'],
    ['chargeback_em_disputa', 'open'],
    ['em_revisao', 'open'],
    ['constructor', 'open'],
    ['cancelado', 'resting'],
    ['aprovado', 'resting'],
    ['pendente_integracao', 'resting'],
    ['integrado', 'resting'],
    ['estornado', 'settled'],
    ['recusado_por_risco', 'settled'],
    ['chargeback_perdido', 'settled'],
    ['chargeback_vencido', 'settled'],
  ])('an order that is %s is %s', (status, stage) => {
    expect(stageOf(status)).toBe(stage);
  });
});

describe('nextSyncAge', () => {
  it.each<[string, number, number | undefined]>([
    ['pendente', 0, MINUTE],
    ['pendente', MINUTE, 5 * MINUTE],
    ['pendente', 5 * MINUTE, 30 * MINUTE],
    ['pendente', 30 * MINUTE, 2 * HOUR],
    ['pendente', 2 * HOUR, 12 * HOUR],
    ['pendente', 12 * HOUR, DAY],
    ['pendente', DAY, 1.5 * DAY],
    ['pendente', 29.4 * DAY, 29.5 * DAY],
    ['pendente', 29.5 * DAY, undefined],
    ['pendente', 90 * DAY, undefined],
    ['aprovado', 0, 2 * HOUR],
    ['aprovado', DAY, 3 * DAY],
    ['aprovado', 29 * DAY, undefined],
    ['estornado', 0, undefined],
  ])('an order that has been %s for %d seconds is synced at %s', (status, age, expected) => {
    expect(nextSyncAge(status, age)).toBe(expected);
  });
});

describe('nextSyncAt', () => {
  it('the schedule counts from the last change of status', () => {
    expect(nextSyncAt({ status: 'pendente', since: SINCE, now: after(70) })).toEqual(after(5 * MINUTE));
    expect(nextSyncAt({ status: 'estornado', since: SINCE, now: after(70) })).toBeNull();
  });

  it('syncs once after a long absence, not once for each sync that was missed', () => {
    expect(nextSyncAt({ status: 'pendente', since: SINCE, now: after(3 * DAY + 5) })).toEqual(
      after(3.5 * DAY),
    );
  });
});

describe('isScheduleDue', () => {
  it.each<[string, number | null, number, boolean]>([
    ['pendente', null, 59, false],
    ['pendente', null, 60, true],
    ['pendente', 61, 299, false],
    ['pendente', 61, 300, true],
    ['pendente', 299, 2_000, true],
    ['pendente', 1_900, 2_000, false],
    ['estornado', null, 30 * DAY, false],
  ])(
    'an order that is %s, was read at the age of %p s and is %d s old now: %p',
    (status, readAt, age, expected) => {
      const askedAt = readAt === null ? null : after(readAt);
      expect(isScheduleDue({ status, since: SINCE, now: after(age), askedAt })).toBe(expected);
    },
  );
});
