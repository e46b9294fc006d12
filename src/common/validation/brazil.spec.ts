import 'reflect-metadata';
import { type ClassConstructor, plainToInstance } from 'class-transformer';
import { validate } from 'class-validator';
import { Phone, Postcode, State } from './brazil';

class PhoneDto {
  @Phone()
  value: unknown;
}

class PostcodeDto {
  @Postcode()
  value: unknown;
}

class StateDto {
  @State()
  value: unknown;
}

/** Returns a field's value after validation; undefined if it is refused. */
async function kept(type: ClassConstructor<{ value: unknown }>, value: unknown): Promise<unknown> {
  const body = plainToInstance(type, { value });
  return (await validate(body)).length === 0 ? body.value : undefined;
}

describe('Phone', () => {
  it.each([
    ['11988887777', '11988887777'],
    ['(11) 98888-7777', '11988887777'],
    ['11.98888.7777', '11988887777'],
    ['11 98888\u00a07777', '11988887777'],
    ['\u200e11 98888–7777\u200b', '11988887777'],
    ['+55 (11) 98888-7777', '11988887777'],
    ['+5511988887777', '11988887777'],
    ['0055 11 98888 7777', '11988887777'],
    ['5511988887777', '11988887777'],
    ['551133334444', '1133334444'],
    ['+55 011 3333-4444', '1133334444'],
    ['011988887777', '11988887777'],
    ['55988887777', '55988887777'],
    ['5533334444', '5533334444'],
    ['+55 55 98888-7777', '55988887777'],
    ['33334444', '33334444'],
  ])('the phone %j is kept as %s', async (value, expected) => {
    expect(await kept(PhoneDto, value)).toBe(expected);
  });

  it.each([
    '',
    '( ) -',
    '119888877771',
    '+54 3572 60-0000',
    '+1 212 555 0100',
    '+351 912 345 678',
    '11988887777 ramal 3',
    '11988887777/11977776666',
    '11 9888A-7777',
    '+55',
    11_988_887_777,
    null,
    undefined,
    ['11988887777'],
  ])('the phone %j is refused', async (value) => {
    expect(await kept(PhoneDto, value)).toBeUndefined();
  });
});

describe('Postcode', () => {
  it.each([
    ['01310100', '01310100'],
    ['01310-100', '01310100'],
    ['01.310-100', '01310100'],
    [' 01310 100 ', '01310100'],
    ['90010‑000', '90010000'],
    ['5960', '5960'],
  ])('the postcode %j is kept as %s', async (value, expected) => {
    expect(await kept(PostcodeDto, value)).toBe(expected);
  });

  it.each(['', '-', '013101000', 'SW1A 1AA', '01310-10O', 1_310_100, null, undefined])(
    'the postcode %j is refused',
    async (value) => {
      expect(await kept(PostcodeDto, value)).toBeUndefined();
    },
  );
});

describe('State', () => {
  it.each([
    ['SP', 'SP'],
    ['sp', 'SP'],
    [' Rs ', 'RS'],
    ['\u200bmg', 'MG'],
  ])('the state %j is kept as %s', async (value, expected) => {
    expect(await kept(StateDto, value)).toBe(expected);
  });

  it.each(['', 'S', 'São Paulo', 'SPX', 'S1', 'Córdoba', 'ß', 5, null, undefined])(
    'the state %j is refused',
    async (value) => {
      expect(await kept(StateDto, value)).toBeUndefined();
    },
  );
});
