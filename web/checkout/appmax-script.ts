/** The part of Appmax's browser script that the page uses. */
interface AppmaxScript {
  init(callbacks: {
    externalId: string;
    onTokenize: (answer: { token: string }) => void;
    onSuccess: (answer: unknown) => void;
    onError: (error: { code?: string }) => void;
  }): void;
}

declare global {
  interface Window {
    AppmaxScripts?: AppmaxScript;
  }
}

/** The card as the shopper typed it. */
export interface TypedCard {
  readonly number: string;
  readonly name: string;
  readonly month: string;
  readonly year: string;
  readonly code: string;
}

/** Thrown if there is no token: the script could not be loaded, or Appmax refused the card's data. */
export class NoToken extends Error {
  constructor(readonly reason: 'script_blocked' | 'card_not_tokenized' | 'card_token_timeout') {
    super(reason);
  }
}

const TIMEOUT_MILLISECONDS = 30_000;

/**
 * Turns cards into tokens with Appmax's script. The script reads a form of its own, which is never shown, so that it
 * runs only after the page's own checks. It may call back twice for one submit; the first token counts. A callback does
 * not say which submit it is for, so as many are dropped as submits were given up: a late token is another card's.
 */
export class CardTokenizer {
  private readonly form = document.createElement('form');
  private loading: Promise<void> | undefined;
  private settle: ((token: string | NoToken) => void) | undefined;
  /** The submits that were given up and have not called back. */
  private givenUp = 0;
  private readonly seen = new Set<string>();

  constructor(private readonly card: { readonly external_id: string; readonly script_url: string }) {
    this.form.hidden = true;
    this.form.noValidate = true;
    this.form.autocomplete = 'off';
    this.form.setAttribute('data-appmax-checkout', '');
    for (const name of ['card-number', 'card-holder-name', 'exp-month', 'exp-year', 'cvv']) {
      const input = document.createElement('input');
      input.name = name;
      this.form.append(input);
    }
    // Without the script's own listener the browser would leave the page.
    this.form.addEventListener('submit', (event) => {
      event.preventDefault();
    });
    document.body.append(this.form);
  }

  /** Loads the script once. A failed load is tried again by the next call. */
  async load(): Promise<void> {
    this.loading ??= this.start().catch((error: unknown) => {
      this.loading = undefined;
      throw error;
    });
    return this.loading;
  }

  async tokenize(card: TypedCard): Promise<string> {
    await this.load();
    const values = [card.number, card.name, card.month, card.year, card.code];
    [...this.form.elements].forEach((input, index) => {
      (input as HTMLInputElement).value = values[index] ?? '';
    });
    try {
      return await new Promise<string>((resolve, reject) => {
        const timer = setTimeout(() => {
          this.givenUp += 1;
          this.settle?.(new NoToken('card_token_timeout'));
        }, TIMEOUT_MILLISECONDS);
        this.settle = (result) => {
          clearTimeout(timer);
          this.settle = undefined;
          if (typeof result === 'string') resolve(result);
          else reject(result);
        };
        this.form.requestSubmit();
      });
    } finally {
      this.form.reset();
    }
  }

  private async start(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const script = document.createElement('script');
      script.src = this.card.script_url;
      script.onload = () => {
        resolve();
      };
      script.onerror = () => {
        script.remove();
        reject(new NoToken('script_blocked'));
      };
      document.head.append(script);
    });
    if (window.AppmaxScripts === undefined) throw new NoToken('script_blocked');
    window.AppmaxScripts.init({
      externalId: this.card.external_id,
      onTokenize: ({ token }) => {
        if (this.seen.has(token)) return;
        this.seen.add(token);
        this.called(token);
      },
      onSuccess: () => undefined,
      // Errors of other steps, such as the fingerprint, don't end a tokenization.
      onError: ({ code }) => {
        if (code === 'TOKENIZATION_FAILED' || code === 'MISSING_EXTERNAL_ID')
          this.called(new NoToken('card_not_tokenized'));
      },
    });
  }

  /** Ends the running submit, unless the callback belongs to one that was given up. */
  private called(result: string | NoToken): void {
    if (this.givenUp > 0) this.givenUp -= 1;
    else this.settle?.(result);
  }
}
