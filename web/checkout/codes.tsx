import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { barcodeOf, barsOf } from '../shared/boleto';
import { day, duration } from '../shared/format';
import { Badge, Button, CopyBox, Notice, useTexts } from '../shared/ui';
import type { Boleto, Pix } from './api';

/** A Pix to pay, with the time until it expires, and a button for a new one after that. */
export function PixCode({
  pix,
  now,
  busy,
  refusal,
  onRenew,
  onOther,
}: {
  readonly pix: Pix;
  /** The server's time, in milliseconds. */
  readonly now: () => number;
  readonly busy: boolean;
  readonly refusal: string | undefined;
  readonly onRenew: () => void;
  /** Undefined if the session takes no other payment. */
  readonly onOther: (() => void) | undefined;
}): JSX.Element {
  const { t } = useTexts();
  const ends = pix.expires_at === null ? undefined : Date.parse(pix.expires_at);
  const [left, setLeft] = useState(ends === undefined ? Infinity : ends - now());
  useEffect(() => {
    if (ends === undefined) return undefined;
    const tick = (): void => {
      setLeft(ends - now());
    };
    tick();
    const timer = setInterval(tick, 1000);
    return () => {
      clearInterval(timer);
    };
  }, [ends]);
  const image = pix.qr_code.startsWith('data:') ? pix.qr_code : `data:image/png;base64,${pix.qr_code}`;
  return (
    <section class="card" aria-labelledby="pix-title">
      <h2 id="pix-title" tabIndex={-1}>
        {t('pixTitle')}
      </h2>
      {refusal === undefined ? null : <Notice kind="bad">{refusal}</Notice>}
      {left <= 0 ? (
        <>
          <Notice kind="info">{t('pixExpired')}</Notice>
          <Button busy={busy} onClick={onRenew}>
            {t('newPix')}
          </Button>
        </>
      ) : (
        <>
          <p>{t('pixSteps')}</p>
          <img class="qr" src={image} alt={t('pixAlt')} width="220" height="220" />
          <CopyBox id="pix-code" label={t('pixCode')} text={pix.emv} />
          {ends === undefined ? null : (
            <p role="timer" class="timer">
              {t('expiresIn', { time: duration(left) })}
            </p>
          )}
          <Waiting />
        </>
      )}
      {onOther === undefined ? null : <OtherMethod onOther={onOther} />}
    </section>
  );
}

/** A boleto to pay. */
export function BoletoCode({
  boleto,
  onOther,
}: {
  readonly boleto: Boleto;
  /** Undefined if the session takes no other payment. */
  readonly onOther: (() => void) | undefined;
}): JSX.Element {
  const { t, language } = useTexts();
  const digits = barcodeOf(boleto.digitavel);
  return (
    <section class="card" aria-labelledby="boleto-title">
      <h2 id="boleto-title" tabIndex={-1}>
        {t('boletoTitle')}
      </h2>
      {boleto.due_at === null ? null : <p>{t('boletoDue', { date: day(boleto.due_at, language) })}</p>}
      {digits === undefined ? null : <Barcode digits={digits} />}
      <CopyBox id="boleto-line" label={t('boletoLine')} text={boleto.digitavel} />
      <p>
        <a class="button plain" href={boleto.pdf_url} target="_blank" rel="noopener noreferrer">
          {t('boletoPdf')}
        </a>
      </p>
      <Waiting />
      <p class="hint">{t('boletoWait')}</p>
      {onOther === undefined ? null : <OtherMethod onOther={onOther} />}
    </section>
  );
}

function Waiting(): JSX.Element {
  const { t } = useTexts();
  return (
    <p>
      <Badge kind="wait">{t('waiting')}</Badge> <span class="hint">{t('waitingHint')}</span>
    </p>
  );
}

function OtherMethod({ onOther }: { onOther: () => void }): JSX.Element {
  const { t } = useTexts();
  return (
    <p>
      <button type="button" class="link" onClick={onOther}>
        {t('otherMethod')}
      </button>
    </p>
  );
}

/** The barcode of a boleto, dark on white also in the dark, so that scanners can read it. */
function Barcode({ digits }: { digits: string }): JSX.Element {
  const { t } = useTexts();
  const { bars, width } = barsOf(digits);
  const quiet = 10;
  return (
    <svg
      class="barcode"
      role="img"
      aria-label={t('boletoAlt')}
      viewBox={`0 0 ${width + 2 * quiet} 60`}
      preserveAspectRatio="none"
    >
      {bars.map((bar) => (
        <rect key={bar.x} x={bar.x + quiet} y="5" width={bar.width} height="50" />
      ))}
    </svg>
  );
}
