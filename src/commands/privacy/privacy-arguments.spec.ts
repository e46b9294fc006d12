import { UsageError } from '../support/arguments';
import { eraseArguments, exportArguments } from './privacy-arguments';

const noInput = (): string => {
  throw new Error('Nothing is read');
};

describe('The arguments of the privacy commands', () => {
  it('all options are read, and documents and addresses are brought into one form', () => {
    const args = ['--document', '390.533.447-05', '--customer', '7', '--email', 'A@B.example', '--shop', 's'];
    const subject = { documents: ['39053344705'], customerIds: [7], emails: ['a@b.example'], shop: 's' };
    expect(exportArguments(args, noInput)).toEqual(subject);
    expect(eraseArguments(args, noInput)).toEqual({ subject, isConfirmed: false });
    expect(eraseArguments([...args, '--confirm'], noInput)).toEqual({ subject, isConfirmed: true });
  });

  it('the document - is read from the standard input', () => {
    const read = exportArguments(['--document', '-'], () => '11.222.333/0001-81\n');
    expect(read?.documents).toEqual(['11222333000181']);
  });

  it.each([
    [[], '--document, --customer or --email is required'],
    [['--document', '39053344706'], '--document is no CPF or CNPJ with right check digits'],
    [['--customer', 'x'], '--customer: x is no id'],
    [['--email', 'x'], '--email is no e-mail address'],
    [['--document', '39053344705', '--all'], "Unknown option '--all'"],
  ])('the arguments %j are refused', (args, message) => {
    expect(() => eraseArguments(args, noInput)).toThrow(new UsageError(message));
  });

  it('--help asks for help', () => {
    expect(exportArguments(['--help'], noInput)).toBeUndefined();
    expect(eraseArguments(['-h'], noInput)).toBeUndefined();
  });
});
