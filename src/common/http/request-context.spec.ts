import { setImmediate as nextTurn } from 'node:timers/promises';
import { currentRequestId, requestIdFrom, runInRequestContext } from './request-context';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('requestIdFrom', () => {
  it.each([
    'a',
    'abc-123',
    '7f3a:1.2_3',
    '1234567890',
    '12345678-1234-4123-8123-12345678901f',
    '12345678-1234-4123-8123-123456789012',
    '4bf92f3577b34da6a3ce929d0e0e4736',
    '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    'x'.repeat(128),
  ])("the caller's id %s is kept", (header) => {
    expect(requestIdFrom(header)).toBe(header);
  });

  it.each([
    undefined,
    '',
    ' ',
    'x'.repeat(129),
    'a b',
    'a\nb',
    'a\n',
    '<script>',
    'é',
    '"quoted"',
    '39053344705',
    '390.533.447-05',
    'cpf-39053344705',
    'cpf-390.533.447-05',
    'pan:4000000000000010',
    'pay-4000000000000010-1',
    'tel-5511971234589',
    'loja39053344705',
    '12ABC34501DE35',
    '4000000000000010',
    '4000-0000-0000-0010',
    [['one', 'two']],
  ])('a new id replaces %j', (header) => {
    const made = requestIdFrom(header as string | string[] | undefined);
    expect(made).toMatch(UUID);
    expect(requestIdFrom(header as string | string[] | undefined)).not.toBe(made);
  });
});

describe('currentRequestId', () => {
  it('there is no request id outside of a request', () => {
    expect(currentRequestId()).toBeUndefined();
  });

  it('the request id stays that of its request across awaits and parallel requests', async () => {
    const serve = (id: string): Promise<string | undefined> =>
      new Promise((resolve) => {
        runInRequestContext({ id, method: 'GET', url: '/' }, () => {
          void nextTurn().then(() => {
            resolve(currentRequestId());
          });
        });
      });
    expect(await Promise.all([serve('first'), serve('second'), serve('third')])).toEqual([
      'first',
      'second',
      'third',
    ]);
    expect(currentRequestId()).toBeUndefined();
  });
});
