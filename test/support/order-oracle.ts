const PAID: readonly string[] = ['aprovado', 'pendente_integracao', 'integrado'];

/**
 * Returns the final status of an order for a set of asserted statuses, in any order of arrival: the strongest one
 * decides. Written from the documented table of statuses, independently of the service's code.
 *
 * @param base the order's status before any event: `pendente`, `autorizado`, `cancelado`, a paid one, or a final one.
 */
export function finalStatusOf(base: string, asserted: ReadonlySet<string>): string {
  const has = (...statuses: string[]): boolean => statuses.some((status) => asserted.has(status));
  const chargeback = has('chargeback_vencido') ? 'chargeback_vencido' : 'chargeback_em_tratativa';
  if (base === 'recusado_por_risco') return base;
  // After a refund, only an opened dispute changes the status.
  if (base === 'estornado') return has('chargeback_em_tratativa') ? chargeback : base;

  const unpaid = finalUnpaidStatus(base, has);
  const approved = base === 'aprovado' || (has('aprovado') && !PAID.includes(base));
  const pastRisk = base === 'pendente_integracao' || base === 'integrado';
  if (has('recusado_por_risco') && !pastRisk && (approved || unpaid !== 'cancelado'))
    return 'recusado_por_risco';

  const paid = PAID.includes(base) || has(...PAID);
  // An order that was refused and never paid cannot be refunded. One that was never paid cannot be disputed.
  const refunded = has('estornado') && (paid || unpaid !== 'cancelado');
  if (refunded) return has('chargeback_em_tratativa') ? chargeback : 'estornado';
  if (!paid) return unpaid;
  if (has('chargeback_em_tratativa', 'chargeback_vencido')) return chargeback;
  return ['integrado', 'pendente_integracao'].find((status) => base === status || has(status)) ?? 'aprovado';
}

/** Returns the status of an order that was never paid: refused, if any event asserts it. */
function finalUnpaidStatus(base: string, has: (...statuses: string[]) => boolean): string {
  if (has('cancelado')) return 'cancelado';
  if (has('autorizado')) return 'autorizado';
  return base === 'cancelado' && has('pendente') ? 'pendente' : base;
}
