import 'reflect-metadata';
import { type ClassConstructor, plainToInstance } from 'class-transformer';
import { validate } from 'class-validator';
import { cnpj, cpf } from 'cpf-cnpj-validator';
import fc from 'fast-check';
import { fieldErrors } from './body.pipe';
import { Nested } from './nested';
import {
  AppmaxId,
  Cents,
  Document,
  Email,
  INT32_MAX,
  OptionalAppmaxId,
  Text,
  WholeNumber,
} from './validators';

class TextDto {
  @Text(5)
  value: unknown;
}

class CentsDto {
  @Cents()
  value: unknown;
}

class WholeNumberDto {
  @WholeNumber(1, 21)
  value: unknown;
}

class AppmaxIdDto {
  @AppmaxId()
  value: unknown;
}

class OptionalAppmaxIdDto {
  @OptionalAppmaxId()
  value: unknown;
}

class EmailDto {
  @Email()
  value: unknown;
}

class DocumentDto {
  @Document()
  value: unknown;
}

class NestedDto {
  @Nested(() => CentsDto)
  value: unknown;
}

class OptionalNestedDto {
  @Nested(() => CentsDto, { optional: true })
  value: unknown;
}

interface Valued {
  value: unknown;
}

/** Returns the invalid fields of a body; none if it is valid. */
async function wrongFields(type: ClassConstructor<Valued>, body: object): Promise<string[]> {
  const errors = await validate(plainToInstance(type, body));
  return [...new Set(fieldErrors(errors).map(({ field }) => field))];
}

const accepts = async (type: ClassConstructor<Valued>, value: unknown): Promise<boolean> =>
  (await wrongFields(type, { value })).length === 0;

describe('Text', () => {
  it.each(['a', 'abcde', ' ', 'é', 'São J', '😀😀😀😀😀', '<b>', "O'B"])(
    'the text %j is accepted',
    async (value) => {
      expect(await accepts(TextDto, value)).toBe(true);
    },
  );

  it.each([
    '',
    'abcdef',
    'a\0',
    'a\nb',
    '\u007f',
    '\u0085',
    'a\ud800',
    5,
    true,
    null,
    undefined,
    ['a'],
    { length: 1 },
  ])('the text %j is refused', async (value) => {
    expect(await accepts(TextDto, value)).toBe(false);
  });
});

describe('Cents', () => {
  it.each([0, 1, INT32_MAX])('an amount of %d cents is accepted', async (value) => {
    expect(await accepts(CentsDto, value)).toBe(true);
  });

  it.each([-1, 0.5, INT32_MAX + 1, NaN, Infinity, '100', null, undefined, [1], true])(
    'an amount of %j cents is refused',
    async (value) => {
      expect(await accepts(CentsDto, value)).toBe(false);
    },
  );
});

describe('WholeNumber', () => {
  it.each([
    [0, false],
    [1, true],
    [1.5, false],
    [21, true],
    [22, false],
    ['3', false],
  ])('a whole number is accepted within its bounds: %j is %s', async (value, expected) => {
    expect(await accepts(WholeNumberDto, value)).toBe(expected);
  });
});

describe('AppmaxId', () => {
  it.each([
    [1, true],
    [INT32_MAX, true],
    [0, false],
    [-1, false],
    [INT32_MAX + 1, false],
    ['7', false],
    [null, false],
    [undefined, false],
  ])('an id is a positive 32-bit integer: %j is %s', async (value, expected) => {
    expect(await accepts(AppmaxIdDto, value)).toBe(expected);
  });
});

describe('OptionalAppmaxId', () => {
  it.each([{}, { value: 0 }, { value: null }, { value: undefined }])(
    'the body %j has no id',
    async (body) => {
      expect(await wrongFields(OptionalAppmaxIdDto, body)).toEqual([]);
      expect(plainToInstance(OptionalAppmaxIdDto, body).value).toBeUndefined();
    },
  );

  it('an optional id is kept', async () => {
    expect(await accepts(OptionalAppmaxIdDto, 12)).toBe(true);
    expect(plainToInstance(OptionalAppmaxIdDto, { value: 12 }).value).toBe(12);
  });

  it.each([-1, 1.5, INT32_MAX + 1, '', '12', false])('the optional id %j is refused', async (value) => {
    expect(await accepts(OptionalAppmaxIdDto, value)).toBe(false);
  });
});

describe('Email', () => {
  it.each(['marina@example.com', 'marina.souza+loja@sub.example.com.br'])(
    'the e-mail %s is accepted',
    async (value) => {
      expect(await accepts(EmailDto, value)).toBe(true);
    },
  );

  it.each([
    'marina',
    '@example.com',
    '',
    '\ud800',
    'a\udfff\ud800@example.com',
    `${'a'.repeat(250)}@example.com`,
    5,
    null,
    undefined,
    ['marina@example.com'],
  ])('the e-mail %j is refused', async (value) => {
    expect(await accepts(EmailDto, value)).toBe(false);
  });
});

describe('Document', () => {
  it.each([
    ['52998224725', '52998224725'],
    ['529.982.247-25', '52998224725'],
    [' 529 982 247 25 ', '52998224725'],
    ['11222333000181', '11222333000181'],
    ['11.222.333/0001-81', '11222333000181'],
    ['12.ABC.345/01DE-35', '12ABC34501DE35'],
  ])('the document %s is accepted and kept as %s', async (value, kept) => {
    expect(await accepts(DocumentDto, value)).toBe(true);
    expect(plainToInstance(DocumentDto, { value }).value).toBe(kept);
  });

  it.each([
    '12345678900',
    '52998224726',
    '00000000000',
    '11111111111',
    '11222333000182',
    '00000000000000',
    '5299822472',
    '529982247255',
    '52998224725abc',
    'x52998224725',
    '5299822472é5',
    '11222333000181é',
    '',
    '...',
    52_998_224_725,
    null,
    undefined,
    ['52998224725'],
  ])('the document %j is refused', async (value) => {
    expect(await accepts(DocumentDto, value)).toBe(false);
  });

  it('every valid CPF and CNPJ is accepted, and none with a wrong check digit', async () => {
    const documents = fc.oneof(
      fc.integer({ min: 0, max: 1 }).map((masked) => cpf.generate(masked === 1)),
      fc.integer({ min: 0, max: 1 }).map((masked) => cnpj.generate(masked === 1)),
    );
    await fc.assert(
      fc.asyncProperty(documents, fc.integer({ min: 1, max: 9 }), async (document, difference) => {
        expect(await accepts(DocumentDto, document)).toBe(true);
        const wrong = document.slice(0, -1) + String((Number(document.at(-1)) + difference) % 10);
        expect(await accepts(DocumentDto, wrong)).toBe(false);
      }),
    );
  });
});

describe('Nested', () => {
  it('a nested object that is valid by its own class is accepted', async () => {
    expect(await wrongFields(NestedDto, { value: { value: 1 } })).toEqual([]);
  });

  it('the error has the invalid field of the nested object', async () => {
    expect(await wrongFields(NestedDto, { value: { value: -1 } })).toEqual(['value.value']);
  });

  it.each([undefined, null, 5, 'x', [], [{ value: 1 }]])('the nested value %j is refused', async (value) => {
    expect(await wrongFields(NestedDto, { value })).toEqual(['value']);
  });

  it('an optional nested object may be missing', async () => {
    expect(await wrongFields(OptionalNestedDto, {})).toEqual([]);
    expect(await wrongFields(OptionalNestedDto, { value: {} })).toEqual(['value.value']);
  });
});
