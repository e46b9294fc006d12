import { settingChoices, settingsFromForm } from './setting-choices';
import { initialSettings, settingsChangeSchema } from './settings';

describe('settings', () => {
  it('a change of settings contains only the settings that it names', () => {
    expect(settingsChangeSchema.parse({ rate_limits: false })).toEqual({ rate_limits: false });
    expect(settingsChangeSchema.parse({})).toEqual({});
    expect(settingsChangeSchema.parse({ refund_after_seconds: null })).toEqual({
      refund_after_seconds: null,
    });
  });

  it.each([
    { nonsense: 1 },
    { api: 'g3' },
    { service_url: 'file:///etc' },
    { pix_expires_after_seconds: -1 },
  ])('a change to %j is refused', (change) => {
    expect(settingsChangeSchema.safeParse(change).success).toBe(false);
  });

  it('settings are the same after conversion to a form and back', () => {
    const settings = initialSettings({ service_url: 'http://127.0.0.1:8080', api: 'g1' });
    const form = Object.fromEntries(
      Object.entries(settings).map(([key, value]) => [key, String(value ?? '')]),
    );
    expect(settingsChangeSchema.parse(settingsFromForm(form))).toEqual(settings);
    expect(
      settingChoices()
        .map(([key]) => key)
        .sort(),
    ).toEqual(Object.keys(settings).sort());
  });
});
