import { payPage, payPagePolicy } from './pay-page';

const FILES = { script: 'checkout-1.js', stylesheets: ['checkout-2.css'] };

describe('the payment page', () => {
  it('it names its files, its language and the answer that it needs first', () => {
    const page = payPage('cs_1', FILES, 'en');
    expect(page).toContain('<html lang="en">');
    expect(page).toContain('<script type="module" src="/web/checkout-1.js"></script>');
    expect(page).toContain('<link rel="stylesheet" href="/web/checkout-2.css">');
    const preloaded = /rel="preload" .* href="([^"]+)"/.exec(page)?.[1] ?? '';
    // Relative, as the script asks for it: a proxy may serve the page below a path of its own.
    expect(new URL(preloaded, 'https://pay.example.com/shop/pay/cs_1').pathname).toBe('/shop/pay/cs_1/view');
  });

  it('an id that is no id adds nothing to the page', () => {
    expect(payPage('"><script>', FILES, 'pt-BR')).not.toContain('"><script>');
  });

  it("the policy allows own files, the script's origin and the host that it sends cards to", () => {
    const policy = payPagePolicy({
      scriptUrl: 'https://scripts.appmax.com.br/appmax.min.js',
      environment: 'production',
    });
    expect(policy).toContain("script-src 'self' https://scripts.appmax.com.br;");
    expect(policy).toContain(
      "connect-src 'self' https://scripts.appmax.com.br https://hdixjlm06b.execute-api.sa-east-1.amazonaws.com;",
    );
    expect(policy).not.toContain('unsafe');
  });
});
