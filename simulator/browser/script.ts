import { type Settings } from '../settings/settings';

/**
 * The code of the browser script. It calls the origin that it was loaded from. `options` is defined before it:
 * `listeners` is the number of submit listeners, `error` a code that is reported when its step is reached.
 */
const CODE = String.raw`
const origin = new URL(document.currentScript.src).origin;
const FIELDS = ['card-number', 'card-holder-name', 'exp-month', 'exp-year', 'cvv'];

class ScriptError extends Error {
  constructor(code, stage, message, status = null, details = null) {
    super(message);
    this.report = { code, message, stage, status, details };
  }
}

function failIfSet(code, stage) {
  if (options.error === code) throw new ScriptError(code, stage, 'Simulated failure of ' + stage + '.');
}

async function getFingerprint(input = {}) {
  failIfSet('FINGERPRINT_FAILED', 'fingerprint');
  const text = [navigator.userAgent, navigator.language, screen.width, screen.height, JSON.stringify(input.meta ?? {})].join('|');
  let hash = 2166136261;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 16777619);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

async function fetchIp() {
  failIfSet('IP_FETCH_FAILED', 'ip');
  try {
    const answer = await fetch(origin + '/ip');
    if (!answer.ok) throw new ScriptError('IP_FETCH_FAILED', 'ip', 'Failed to fetch IP.', answer.status);
    return (await answer.json()).ip;
  } catch (error) {
    throw error instanceof ScriptError ? error : new ScriptError('IP_FETCH_FAILED', 'ip', 'Failed to fetch IP.', null, String(error));
  }
}

async function tokenize(form, externalId) {
  failIfSet('TOKENIZATION_FAILED', 'tokenization');
  if (!externalId || options.error === 'MISSING_EXTERNAL_ID')
    throw new ScriptError('MISSING_EXTERNAL_ID', 'tokenization', 'External ID is required.');
  const [number, holder_name, expiration_month, expiration_year, cvv] = FIELDS.map((name) => form.elements.namedItem(name).value.trim());
  const card = { number: number.replaceAll(/[\s-]/g, ''), holder_name, expiration_month, expiration_year, cvv };
  const failed = 'Failed to tokenize card.';
  let answer;
  let body;
  try {
    answer = await fetch(origin + '/v1/payments/tokenize', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'external-id': externalId },
      body: JSON.stringify({ payment_data: { credit_card: card } }),
    });
    body = await answer.json();
  } catch (error) {
    throw new ScriptError('TOKENIZATION_FAILED', 'tokenization', failed, answer?.status ?? null, String(error));
  }
  const token = body?.data?.token;
  if (!answer.ok || typeof token !== 'string')
    throw new ScriptError('TOKENIZATION_FAILED', 'tokenization', failed, answer.status, body);
  return token;
}

function readArguments(args) {
  const [first, onError, externalId, onUpdate, onAuthorize] = args;
  if (typeof first === 'object' && first !== null) {
    const callbacks = first;
    return {
      externalId: callbacks.externalId,
      onUpdate: callbacks.onUpdate,
      onAuthorize: callbacks.onAuthorize,
      ip: (ip) => (callbacks.onIp ?? callbacks.onSuccess)?.({ ip }),
      token: (token) => (callbacks.onTokenize ?? callbacks.onSuccess)?.({ token }),
      error: (report) => callbacks.onError?.(report),
    };
  }
  return {
    externalId,
    onUpdate,
    onAuthorize,
    ip: (ip) => first?.({ ip }),
    token: (token) => first?.(token),
    error: ({ message }) => onError?.('Failed to process payment: ' + message),
  };
}

function init(...args) {
  const given = readArguments(args);
  if (!given.externalId && (given.onUpdate || given.onAuthorize)) throw new Error('External ID is required for Apple Pay use.');
  const report = (error) => {
    given.error(error instanceof ScriptError ? error.report : { code: 'FORM_SETUP_FAILED', message: String(error), stage: 'setup', status: null, details: null });
  };
  const collectIp = (form) => {
    fetchIp().then((ip) => {
      if (form) {
        const input = form.querySelector('[data-appmax-ip]') ?? form.appendChild(document.createElement('input'));
        input.type = 'hidden';
        input.name = 'ip';
        input.setAttribute('data-appmax-ip', '');
        input.value = ip;
      }
      given.ip(ip);
    }).catch(report);
  };
  getFingerprint().catch(report);
  if (options.error === 'GOOGLE_PAY_FAILED' && document.querySelector('[data-appmax-google-pay]'))
    report(new ScriptError('GOOGLE_PAY_FAILED', 'google_pay', 'Simulated failure of google_pay.'));
  const customer = document.querySelector('form[data-appmax-customer]');
  if (customer) collectIp(customer);
  // The script ends here: a page with this trigger gets no listener for cards.
  if (document.querySelector('.appmax-ip')) {
    if (!customer) collectIp(null);
    return;
  }
  const checkout = document.querySelector('form[data-appmax-checkout]');
  if (!checkout) return;
  const missing = FIELDS.filter((name) => !checkout.elements.namedItem(name));
  if (missing.length > 0 || options.error === 'FORM_SETUP_FAILED') {
    report(new ScriptError('FORM_SETUP_FAILED', 'form', 'Failed to set up the form.', null, { missing }));
    return;
  }
  for (let listener = 0; listener < options.listeners; listener += 1) {
    checkout.addEventListener('submit', (event) => {
      event.preventDefault();
      tokenize(checkout, given.externalId).then(given.token).catch(report);
    });
  }
}

window.AppmaxScripts = window.AppCheckout = { init, getFingerprint };
`;

/** Returns the browser script, with the faults of the settings. */
export function browserScript(settings: Pick<Settings, 'script_fires_twice' | 'script_error'>): string {
  const options = { listeners: settings.script_fires_twice ? 2 : 1, error: settings.script_error };
  return `(() => {\nconst options = ${JSON.stringify(options)};\n${CODE.trim()}\n})();\n`;
}
