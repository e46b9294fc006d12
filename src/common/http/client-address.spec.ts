import { bareAddress, callerAddress, forwardedAddresses, limitedCallers } from './client-address';

describe('bareAddress', () => {
  it.each([
    ['203.0.113.9', '203.0.113.9'],
    [' 203.0.113.9 ', '203.0.113.9'],
    ['203.0.113.9:52100', '203.0.113.9'],
    ['"203.0.113.9:80"', '203.0.113.9'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['::FFFF:cb00:7109', '203.0.113.9'],
    ['::ffff:203.0.113.9:443', '203.0.113.9'],
    ['[::ffff:203.0.113.9]:443', '203.0.113.9'],
    ['2001:DB8::1', '2001:db8::1'],
    ['2001:db8:0:0:0:0:0:1', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['"[2001:db8::1]:4711"', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['[fe80::1%25eth0]:80', 'fe80::1'],
    ['::1', '::1'],
  ])('%s is read as %s', (text, expected) => {
    expect(bareAddress(text)).toBe(expected);
  });

  it.each([
    '',
    ' ',
    'unknown',
    '_hidden',
    '-',
    '1.2.3',
    '999.1.1.1',
    'for=203.0.113.9',
    'shop.example',
    '1.2.3.4:x',
    "'; DROP",
  ])('%j has no address', (text) => {
    expect(bareAddress(text)).toBeUndefined();
  });
});

describe('forwardedAddresses', () => {
  it.each<[string, string[]]>([
    ['203.0.113.9', ['203.0.113.9']],
    ['203.0.113.9:5, 198.51.100.7:6', ['203.0.113.9', '198.51.100.7']],
    ['203.0.113.9, , 198.51.100.7,', ['203.0.113.9', '198.51.100.7']],
    ['unknown, 203.0.113.9', ['203.0.113.9']],
    ['198.51.100.7, unknown, 203.0.113.9', ['203.0.113.9']],
    ['203.0.113.9, unknown', []],
    ['[2001:db8::1]:9, ::ffff:10.0.0.1', ['2001:db8::1', '10.0.0.1']],
    ['', []],
  ])('the header %j names %j', (header, expected) => {
    expect(forwardedAddresses(header)).toEqual(expected);
  });
});

describe('callerAddress', () => {
  it.each([
    ['::ffff:127.0.0.1', '127.0.0.1'],
    ['10.0.0.1', '10.0.0.1'],
    ['2001:db8::7', '2001:db8::7'],
  ])('a caller on the connection %s has the address %s', (ip, expected) => {
    expect(callerAddress({ ip })).toBe(expected);
  });
});

describe('limitedCallers', () => {
  it.each([
    ['203.0.113.9', ['203.0.113.9']],
    ['::1', ['::1']],
    ['2001:db8:1:2:3:4:5:6', ['2001:db8:1:2::/64', '2001:db8:1::/48']],
    ['2001:db8:1:2:ffff::', ['2001:db8:1:2::/64', '2001:db8:1::/48']],
    ['2001:db8:1:3::1', ['2001:db8:1:3::/64', '2001:db8:1::/48']],
  ])('a limit for %s counts %j', (address, expected) => {
    expect(limitedCallers(address).map(({ subject }) => subject)).toEqual(expected);
  });

  it('the limit of a /48 network is ten times that of an address', () => {
    expect(limitedCallers('2001:db8::1').map(({ kind, share }) => [kind, share])).toEqual([
      ['address', 1],
      ['network', 10],
    ]);
  });
});
