import { LogText, logText } from './log-text';

describe('logText', () => {
  it('our own words and numbers are kept, also where masking would take them for personal data', () => {
    const text = logText`Order ${1773760001} 404 answered; ran ${new LogText('ReserveReadsAndMarkKnownOrders1795737600055')}`;
    expect(text.text).toBe('Order 1773760001 404 answered; ran ReserveReadsAndMarkKnownOrders1795737600055');
  });

  it('personal data and control characters in inserted strings are masked', () => {
    expect(logText`${'maria@example.com'} and ${'529.982.247-25\nx'}`.text).toBe('m…@example.com and …25 x');
  });
});
