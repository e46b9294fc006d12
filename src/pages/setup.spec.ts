import { parseConfig } from '../config';
import { isLoopback, isPublicAddress, missingSettings, SETTINGS } from './setup';

describe('the state of the set-up', () => {
  it.each([
    ['https://pay.example.com', true],
    ['https://1a2b.ngrok-free.app', true],
    ['https://200.10.20.30', true],
    ['http://pay.example.com', false],
    ['https://localhost:8080', false],
    ['https://pay', false],
    ['https://pay.local', false],
    ['https://10.0.0.1', false],
    ['https://172.16.0.1', false],
    ['https://172.32.0.1', true],
    ['https://192.168.1.2', false],
    ['https://[fd00::1]', false],
  ])('Appmax can reach %s: %s', (address, expected) => {
    expect(isPublicAddress(address)).toBe(expected);
  });

  it.each([
    ['http://localhost:8080', true],
    ['http://127.0.0.1:8080', true],
    ['http://[::1]:8080', true],
    ['http://192.168.1.2', false],
    ['https://127.0.0.1.example.com', false],
  ])('only this machine reaches %s: %s', (address, expected) => {
    expect(isLoopback(address)).toBe(expected);
  });

  it('the settings that are not set are missing', () => {
    expect(missingSettings(parseConfig({ APP_ENV: 'test', DB_CONNECTION: 'embedded' }))).toEqual([
      ...SETTINGS,
    ]);
    const set = {
      APP_ENV: 'test',
      DB_CONNECTION: 'embedded',
      API_SECRET_KEYS: 'sk_0123456789abcdef',
      APPMAX_CLIENT_ID: 'client',
    };
    expect(missingSettings(parseConfig(set))).toEqual([
      'APPMAX_APP_ID_UUID',
      'APPMAX_APP_ID_NUMERIC',
      'APPMAX_CLIENT_SECRET',
      'WEBHOOK_TOKEN',
    ]);
  });
});
