import { html } from './html';

describe('html', () => {
  it('html escapes inserted values, in text and in attributes', () => {
    const evil = `<script>alert("1")</script>'&`;
    expect(html`<p title="${evil}">${evil}</p>`.text).toBe(
      '<p title="&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39;&amp;">' +
        '&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39;&amp;</p>',
    );
  });

  it('html does not escape inserted Html values, alone and in lists', () => {
    const items = [1, 2].map((item) => html`<li>${item}</li>`);
    expect(html`${items}${null}${html`<hr />`}`.text).toBe('<li>1</li><li>2</li><hr />');
  });
});
