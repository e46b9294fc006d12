import { type OrderAction } from '../simulator/control-client';
import { cards, SimulatorMerchant } from './support/simulator-merchant';
import { SimulatorWorld } from './support/simulator-world';

type Prepare = 'card' | 'authorized' | 'declined' | 'pix' | 'boleto';

describe.each(['g1', 'g2'] as const)('the life of an order on the simulator, %s', (api) => {
  let world: SimulatorWorld;
  let merchant: SimulatorMerchant;
  beforeAll(async () => (world = await SimulatorWorld.start(api)));
  afterAll(() => world.close());
  beforeEach(async () => {
    await world.reset();
    await world.control.stopClock();
    merchant = await SimulatorMerchant.create(world);
  });

  async function prepared(how: Prepare): Promise<number> {
    const order = await merchant.order();
    if (how === 'pix') await merchant.payByPix(order.order_id);
    else if (how === 'boleto') await merchant.payByBoleto(order.order_id);
    else {
      const number = { card: cards.approved, authorized: cards.authorized, declined: cards.declined }[how];
      await merchant.payByCard(order, number);
    }
    return order.order_id;
  }

  // G1 declines the card that G2 only authorises.
  const authorizedRows: [string, Prepare, OrderAction[], string, string[]][] =
    api === 'g1'
      ? [['a card of G2', 'authorized', [], 'cancelado', ['payment_not_authorized']]]
      : [
          ['anti-fraud runs', 'authorized', [], 'autorizado', ['order_authorized', 'order_paid']],
          ['anti-fraud approves', 'authorized', ['approve'], 'aprovado', ['order_approved']],
          ['anti-fraud refuses', 'authorized', ['refuse'], 'recusado_por_risco', ['order_refused_by_risk']],
        ];

  it.each<[string, Prepare, OrderAction[], string, string[]]>([
    ['a card is approved', 'card', [], 'aprovado', ['order_approved', 'order_paid']],
    ['a card is declined', 'declined', [], 'cancelado', ['payment_not_authorized']],
    ...authorizedRows,
    ['a Pix is open', 'pix', [], 'pendente', ['order_pix_created']],
    ['a Pix is paid', 'pix', ['pay'], 'aprovado', ['order_paid_by_pix']],
    ['a Pix expires', 'pix', ['expire'], 'cancelado', ['order_pix_expired']],
    ['a boleto is open', 'boleto', [], 'pendente', ['order_billet_created']],
    ['a boleto is paid', 'boleto', ['pay'], 'aprovado', ['order_approved', 'order_paid']],
    ['a boleto is overdue', 'boleto', ['overdue'], 'pendente', ['order_billet_overdue']],
    ['a boleto is paid late', 'boleto', ['overdue', 'pay'], 'aprovado', ['order_approved', 'order_paid']],
    ['an order waits', 'card', ['await-integration'], 'pendente_integracao', ['order_pending_integration']],
    ['an order is integrated', 'card', ['integrate'], 'integrado', ['order_integrated']],
    ['a refund is reviewed', 'card', ['review'], 'pendente_integracao_em_analise', []],
    ['an order is refunded', 'card', ['refund'], 'estornado', ['order_refund']],
    ['a part is refunded', 'card', ['partial-refund'], 'aprovado', ['order_partial_refund']],
    [
      'a chargeback is opened',
      'card',
      ['chargeback'],
      'chargeback_em_tratativa',
      ['order_chargeback_in_treatment'],
    ],
    ['a chargeback is disputed', 'card', ['chargeback', 'chargeback-dispute'], 'chargeback_em_disputa', []],
    ['a chargeback is lost', 'card', ['chargeback', 'chargeback-lose'], 'chargeback_perdido', []],
    [
      'a chargeback is won',
      'card',
      ['chargeback', 'chargeback-win'],
      'chargeback_vencido',
      ['order_charge_back_gain'],
    ],
  ])('the status and the webhooks are right when %s', async (_what, how, actions, status, events) => {
    const id = await prepared(how);
    if (actions.length > 0) {
      await world.control.drainWebhooks();
      world.received.length = 0;
    }
    for (const action of actions) {
      await world.control.drainWebhooks();
      world.received.length = 0;
      await world.control.act(id, action);
    }
    expect(await merchant.status(id)).toBe(status);
    expect((await world.events()).sort()).toEqual(events.toSorted());
    expect((await world.control.order(id)).history.at(-1)).toMatchObject({ status });
  });

  it('an action that the state does not allow, or that is unknown, is refused', async () => {
    const id = await prepared('card');
    await expect(world.control.act(id, 'expire')).rejects.toMatchObject({ status: 409 });
    await expect(world.control.act(1, 'pay')).rejects.toMatchObject({ status: 404 });
    const unknown = await world.call('POST', `/_simulator/orders/${id}/nonsense`);
    expect(unknown.status).toBe(404);
  });

  it('an order can be given any status, with a webhook only on request', async () => {
    const id = await prepared('pix');
    await world.control.act(id, 'set-status', { status: 'em_analise' });
    expect(await merchant.status(id)).toBe('em_analise');
    expect(await world.events()).toEqual(['order_pix_created']);
    await world.control.act(id, 'set-status', { status: 'integrado', webhook: 'order_integrated' });
    expect(await world.events()).toEqual(['order_pix_created', 'order_integrated']);
    await expect(world.control.act(id, 'set-status')).rejects.toMatchObject({ status: 400 });
  });

  describe('by the clock', () => {
    it('a Pix expires after 30 minutes', async () => {
      const id = await prepared('pix');
      await world.control.advanceClock(1799);
      expect(await merchant.status(id)).toBe('pendente');
      await world.control.advanceClock(1);
      expect(await merchant.status(id)).toBe('cancelado');
      expect(await world.events()).toEqual(['order_pix_created', 'order_pix_expired']);
    });

    it('a boleto falls due at the end of its day, and the order stays pendente', async () => {
      const id = await prepared('boleto');
      await world.control.advanceClock(4 * 86_400);
      expect(await merchant.status(id)).toBe('pendente');
      expect((await world.control.order(id)).payments[0]).toMatchObject({ state: 'overdue' });
    });

    it('settlement, integration, refund and chargeback happen at their configured times', async () => {
      await world.control.change({
        settle_after_seconds: 10,
        integrate_after_seconds: 20,
        refund_after_seconds: 30,
        chargeback_after_seconds: 1000,
      });
      const id = await prepared('card');
      const refund = (): Promise<{ status: number }> =>
        merchant.post('/v1/orders/refund-request', { order_id: id, type: 'partial', value: 1000 });
      expect((await refund()).status).toBe(404);
      await world.control.advanceClock(10);
      expect((await refund()).status).toBe(200);
      await world.control.advanceClock(10);
      expect(await merchant.status(id)).toBe('integrado');
      await world.control.advanceClock(20);
      expect(await world.control.order(id)).toMatchObject({ refunded: 1000, status: 'integrado' });
      await world.control.advanceClock(1000);
      expect(await merchant.status(id)).toBe('chargeback_em_tratativa');
    });

    it('the clock can be sped up', async () => {
      const id = await prepared('pix');
      await world.control.startClock(100_000);
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(await merchant.status(id)).toBe('cancelado');
    });

    it('nothing happens by itself with automatic: false', async () => {
      await world.control.change({ automatic: false });
      const id = await prepared('pix');
      await world.control.advanceClock(86_400);
      expect(await merchant.status(id)).toBe('pendente');
    });
  });

  it('a reset deletes orders but never reuses an id', async () => {
    const before = await merchant.order();
    await world.control.reset({ keep_merchants: true });
    expect((await merchant.show(before.order_id)).status).toBe(404);
    expect((await merchant.order()).order_id).toBeGreaterThan(before.order_id);
  });
});
