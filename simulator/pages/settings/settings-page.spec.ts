import { initialSettings, settingsSchema } from '../../settings/settings';
import { settingGroups } from './setting-words';
import { settingsPage } from './settings-page';

describe('the page of settings', () => {
  it('the settings page shows each setting once with its description', () => {
    const shown = settingGroups.flatMap(([, hints]) => Object.keys(hints));
    expect([...shown].sort()).toEqual(Object.keys(settingsSchema.shape).sort());
  });

  it('the settings page shows the current values', () => {
    const settings = initialSettings({ service_url: 'http://127.0.0.1:8080', api: 'g1' });
    const { text } = settingsPage({ ...settings, boleto_due_days: 7 });
    expect(text).toMatch(/<option selected>g1<\/option>/);
    expect(text).toMatch(/name="boleto_due_days" type="number" value="7"/);
  });
});
