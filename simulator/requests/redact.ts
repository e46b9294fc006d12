const hidden = new Set(['cvv', 'client_secret', 'access_token']);

function maskDigits(value: unknown): unknown {
  const digits = String(value).replaceAll(/\D/g, '');
  return digits.length < 13 ? value : `${digits.slice(0, 6)}******${digits.slice(-4)}`;
}

/**
 * Returns a copy of a request body with masked card numbers and hidden verification codes and secrets. Numbers of fewer
 * than 13 digits, such as house numbers, are kept.
 */
export function redact(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(redact);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]: [string, unknown]) => {
      if (hidden.has(key)) return [key, '***'];
      if (key === 'number') return [key, maskDigits(inner)];
      return [key, redact(inner)];
    }),
  );
}
