import { isDatabaseUnavailable } from './database-unavailable';

const withCode = (code: string): Error => Object.assign(new Error('x'), { code });
/** Creates an error as TypeORM throws it, with the driver's error. */
const failedQuery = (code: string): Error => Object.assign(new Error('x'), { driverError: withCode(code) });
const refused = Object.assign(new Error('connect ECONNREFUSED'), {
  code: 'ECONNREFUSED',
  syscall: 'connect',
});

describe('isDatabaseUnavailable', () => {
  it.each([
    ['an exhausted pool', new Error('timeout exceeded when trying to connect')],
    ['a connection that broke off', new Error('Connection terminated unexpectedly')],
    ['a statement that took too long', failedQuery('57014')],
    ['a server that shuts down', failedQuery('57P01')],
    ['a server with too many clients', withCode('53300')],
    ['a deadlock', failedQuery('40P01')],
    ['a transaction that was idle for too long', failedQuery('25P03')],
    ['a lost connection', withCode('ECONNRESET')],
    ['a server that is not there', refused],
    ['a host none of whose addresses answers', new AggregateError([refused])],
  ])('%s means that the database is unavailable', (_, error) => {
    expect(isDatabaseUnavailable(error)).toBe(true);
  });

  it.each([
    ['a duplicate row', failedQuery('23505')],
    ['a fault of ours', new TypeError('x is not a function')],
    ['a value that is no error', 'Connection terminated'],
  ])('%s does not mean that the database is unavailable', (_, error) => {
    expect(isDatabaseUnavailable(error)).toBe(false);
  });
});
