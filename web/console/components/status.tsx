import type { JSX } from 'preact';
import { Badge } from '../../shared/ui';
import { useCommonTexts, useTextsOf } from '../context';
import { STATUS_TEXTS } from '../texts';

const KINDS: Readonly<Record<keyof typeof STATUS_TEXTS, 'good' | 'wait' | 'bad' | 'neutral'>> = {
  pendente: 'wait',
  autorizado: 'wait',
  aprovado: 'good',
  cancelado: 'neutral',
  estornado: 'neutral',
  integrado: 'good',
  pendente_integracao: 'good',
  pendente_integracao_em_analise: 'good',
  recusado_por_risco: 'bad',
  chargeback_em_tratativa: 'bad',
  chargeback_em_disputa: 'bad',
  chargeback_perdido: 'bad',
  chargeback_vencido: 'good',
};

const isKnown = (status: string): status is keyof typeof STATUS_TEXTS => status in STATUS_TEXTS;

/** Returns the text of an order's status. One that this page does not know is shown as Appmax names it. */
export function useStatusText(): (status: string) => string {
  const t = useTextsOf(STATUS_TEXTS);
  return (status) => (isKnown(status) ? t(status) : status);
}

/** Returns the colour of an order's status. */
export function kindOfStatus(status: string): 'good' | 'wait' | 'bad' | 'neutral' {
  return isKnown(status) ? KINDS[status] : 'neutral';
}

/** The status of an order: a text with a colour. */
export function OrderStatus({ status }: { readonly status: string }): JSX.Element {
  const text = useStatusText();
  return <Status kind={kindOfStatus(status)} text={text(status)} />;
}

/** Any state: a text with a colour. */
export function Status({
  kind,
  text,
}: {
  readonly kind: 'good' | 'wait' | 'bad' | 'neutral';
  readonly text: string;
}): JSX.Element {
  return kind === 'neutral' ? <span class="badge neutral">{text}</span> : <Badge kind={kind}>{text}</Badge>;
}

/** Returns the text of a payment method. */
export function useMethodText(): (method: string | null) => string {
  const t = useCommonTexts();
  return (method) => {
    if (method === null || method === 'none') return t('noMethod');
    return method === 'credit_card' || method === 'pix' || method === 'boleto' ? t(method) : method;
  };
}
