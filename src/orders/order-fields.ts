import { AppmaxId, Text } from '../common/validation/validators';

/** `order_id`, wherever it stands. */
export const OrderId = (): PropertyDecorator =>
  AppmaxId({ description: "The order's id at Appmax.", example: 1773760001 });

/** `customer_id`, wherever it stands. */
export const CustomerId = (): PropertyDecorator =>
  AppmaxId({ description: "The customer's id at Appmax.", example: 904211 });

/** `status`, wherever it stands. Appmax may come to have statuses that nobody knows yet, so this is no closed list. */
export const Status = (): PropertyDecorator =>
  Text(64, {
    description:
      "The order's status in Appmax's words: `pendente`, `autorizado`, `aprovado`, `cancelado`, `estornado`, `integrado`, `pendente_integracao`, `pendente_integracao_em_analise`, `recusado_por_risco`, `chargeback_em_tratativa`, `chargeback_em_disputa`, `chargeback_perdido` or `chargeback_vencido`.",
    example: 'aprovado',
  });

/** `upsell_hash`, wherever it stands. */
export const UpsellHash = ({ optional = false } = {}): PropertyDecorator =>
  Text(255, {
    description: 'What a card payment answered, to sell more on the same card.',
    example: 'f6f2ea1d2c7c4f0c8a6b',
    optional,
  });
