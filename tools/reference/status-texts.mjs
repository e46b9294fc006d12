/** The meaning of each status, and what leads to it, in English. reference/texts.pt-BR.json has the Portuguese texts. */
export const STATUS_TEXTS = {
  order: {
    pendente: [
      'not paid; also with an overdue boleto',
      'the creation of the order; a Pix or boleto waits for its payment',
    ],
    autorizado: ['the card is authorised, anti-fraud has not decided', 'a card payment'],
    cancelado: ['not paid: the card was refused, or the Pix has expired', 'the issuer, or time'],
    aprovado: ['paid', 'a card payment, anti-fraud after `autorizado`, or the payment of a Pix or boleto'],
    recusado_por_risco: ['refused by anti-fraud; the money is returned', 'anti-fraud at Appmax'],
    pendente_integracao: ['paid; the integration at Appmax is pending', 'Appmax'],
    pendente_integracao_em_analise: [
      'paid; a refund is under manual review',
      'Appmax, after the request of a refund',
    ],
    integrado: ['paid, and ready to ship', 'Appmax'],
    estornado: ['refunded', 'a refund that Appmax has completed, requested here or in its panel'],
    chargeback_em_tratativa: ['the shopper disputes the charge', 'the shopper, at the issuer of the card'],
    chargeback_em_disputa: ['the merchant contests the dispute', 'Appmax'],
    chargeback_perdido: ['the shopper has won the dispute', 'the issuer of the card'],
    chargeback_vencido: ['the merchant has won the dispute', 'the issuer of the card'],
  },
  operation: {
    prepared: ['saved; nothing was sent', 'a request of a client'],
    sent: ['its request was sent, or is about to be', 'the service, immediately before the first byte'],
    unknown: [
      'its request was sent, and its outcome is not known',
      'a lost answer, or an instance that was killed',
    ],
    done: [
      'a charge was made, a code or an order exists, or a refund was accepted',
      'the answer of Appmax, or evidence',
    ],
    confirmed: ['the refund is completed', 'a sync that finds the order refunded'],
    declined: ['the card was declined; nothing was charged', 'the answer of Appmax, or evidence'],
    refused: ['Appmax rejected the request; it had no effect', 'the answer of Appmax'],
    not_sent: ['nothing was sent', 'a failure before the request, such as no connection'],
    not_done: [
      'it was sent, and had no effect',
      'evidence, or a person by `POST /admin/operations/:id/resolve`',
    ],
    denied: ['Appmax has refused a refund that it had accepted', 'a sync'],
  },
  session: {
    open: ['it can be paid', '`POST /checkout/:key/sessions`'],
    completed: ['it is paid; final', 'the first order of the session that is paid'],
    expired: [
      'it takes no new payment; one that was sent before may still complete it',
      'its time, or `POST …/expire`',
    ],
  },
  outcome: {
    waiting: [
      'not processed yet',
      'its arrival; a new attempt follows while Appmax or the order can not be reached',
    ],
    applied: ['processed: the order has the status that Appmax gives', 'the service'],
    repeated: ['it repeats another event of its order', 'the service'],
    set_aside: [
      'it could not be applied; its reason is stored',
      'an event that can not be understood, or 72 hours of attempts',
    ],
  },
  delivery: {
    new: ['not tried yet', 'the change that it tells of'],
    failing: ['tried, and tried again', 'an endpoint that does not answer with 2xx'],
    delivered: ['accepted', 'the 2xx of the endpoint'],
  },
};
