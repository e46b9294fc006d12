const PAID: readonly string[] = ['aprovado', 'pendente_integracao', 'integrado'];

/**
 * What an order ends as by the facts that became known of it, whenever they did: the most weighty one decides. Written
 * from the table of statuses in words, and knows nothing of how the service works it out.
 *
 * @param base the order's status before any event: `pendente`, `autorizado`, `cancelado`, a paid one, or a final one.
 */
export function endOf(base: string, claims: ReadonlySet<string>): string {
  const has = (...statuses: string[]): boolean => statuses.some((status) => claims.has(status));
  const chargeback = has('chargeback_vencido') ? 'chargeback_vencido' : 'chargeback_em_tratativa';
  if (base === 'recusado_por_risco') return base;
  // Only a dispute that was opened can follow a refund.
  if (base === 'estornado') return has('chargeback_em_tratativa') ? chargeback : base;

  const unpaid = unpaidEnd(base, has);
  const approved = base === 'aprovado' || (has('aprovado') && !PAID.includes(base));
  const pastRisk = base === 'pendente_integracao' || base === 'integrado';
  if (has('recusado_por_risco') && !pastRisk && (approved || unpaid !== 'cancelado'))
    return 'recusado_por_risco';

  const paid = PAID.includes(base) || has(...PAID);
  // What was refused and never paid can't be refunded, and nothing that was never paid can be disputed.
  const refunded = has('estornado') && (paid || unpaid !== 'cancelado');
  if (refunded) return has('chargeback_em_tratativa') ? chargeback : 'estornado';
  if (!paid) return unpaid;
  if (has('chargeback_em_tratativa', 'chargeback_vencido')) return chargeback;
  return ['integrado', 'pendente_integracao'].find((status) => base === status || has(status)) ?? 'aprovado';
}

/** What an order is as long as nothing says that it was paid: refused, if anything says so. */
function unpaidEnd(base: string, has: (...statuses: string[]) => boolean): string {
  if (has('cancelado')) return 'cancelado';
  if (has('autorizado')) return 'autorizado';
  return base === 'cancelado' && has('pendente') ? 'pendente' : base;
}
