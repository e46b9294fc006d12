import { createDatabase, type TestDatabase } from './support/database';
import { startService, type TestService } from './support/service';

const SCRIPT_URL = 'https://scripts.example.com/appmax.min.js';

describe('The page of a session', () => {
  let database: TestDatabase;
  let service: TestService;

  beforeAll(async () => {
    database = await createDatabase();
    service = await startService({ ...database.environment, APPMAX_SCRIPT_URL: SCRIPT_URL });
  });

  afterAll(async () => {
    await service.stop();
    await database.drop();
  });

  it('the page has a policy that allows no inline code, and is never stored', async () => {
    const { status, headers, text } = await service.send('GET', '/pay/cs_1');
    expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    const policy = headers.get('content-security-policy');
    expect(policy).toContain(
      "default-src 'none'; script-src 'self' https://scripts.example.com; style-src 'self';",
    );
    expect(policy).not.toContain('unsafe');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(text).not.toMatch(/<script>|style=|<style| on\w+=/);
  });

  it.each([
    ['/pay/cs_1', undefined, 'pt-BR'],
    ['/pay/cs_1', 'en-GB,en;q=0.9', 'en'],
    ['/pay/cs_1?lang=pt-BR', 'en', 'pt-BR'],
    ['/pay/cs_1?lang=en', undefined, 'en'],
    ['/pay/cs_1?lang=en&lang=pt', 'en', 'en'],
  ])('the page %s with Accept-Language %s is in %s', async (path, language, expected) => {
    const headers: Record<string, string> = language === undefined ? {} : { 'accept-language': language };
    const page = await service.send('GET', path, { headers });
    expect(page.text).toContain(`<html lang="${expected}">`);
    expect(page.headers.get('vary')).toContain('Accept-Language');
  });

  it('the files of the page may be stored for ever, because their names change with their content', async () => {
    const { text } = await service.send('GET', '/pay/cs_1');
    const files = [...text.matchAll(/(?:src|href)="(\/web\/[^"]+)"/g)].map(([, file]) => file!);
    expect(files.map((file) => file.slice(file.lastIndexOf('.')))).toEqual(['.css', '.js']);
    for (const [index, type] of ['text/css', 'text/javascript'].entries()) {
      const file = await service.send('GET', files[index]!);
      expect([file.status, file.headers.get('content-type')]).toEqual([200, `${type}; charset=utf-8`]);
      expect(file.headers.get('cache-control')).toContain('immutable');
      const again = { headers: { 'if-none-match': file.headers.get('etag')! } };
      expect((await service.send('GET', files[index]!, again)).status).toBe(304);
    }
  });

  it.each(['/web/manifest.json', '/web/.digest', '/web/..%2Fsrc%2Fmain.js', '/web/none.js'])(
    'the file %s is not served',
    async (path) => {
      const answer = await service.send('GET', path);
      expect(answer.status).toBe(404);
      // A cache must not keep the refusal of a file that the next version has.
      expect(answer.headers.get('cache-control')).toBe('no-store');
    },
  );
});
