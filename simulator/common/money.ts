/** Converts cents to reais, the unit of most webhook models: 16490 → 164.9. */
export function reais(cents: number): number {
  return cents / 100;
}

/** Formats cents as Brazilian text: 16490 → `R$ 164,90`. */
export function readableCents(cents: number): string {
  const sign = cents < 0 ? '-' : '';
  const [whole = '0', fraction = '00'] = (Math.abs(cents) / 100).toFixed(2).split('.');
  return `${sign}R$ ${whole.replaceAll(/\B(?=(\d{3})+(?!\d))/g, '.')},${fraction}`;
}
