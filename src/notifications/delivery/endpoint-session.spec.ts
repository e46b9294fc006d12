import type { AttemptResult, DueDelivery } from './delivery-queue';
import { EndpointSession, type SessionParts } from './endpoint-session';
import type { Attempt } from './sender';

const SECRET = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
const ACCEPTED: Attempt = { isDelivered: true, status: 200, error: null };
const REFUSED: Attempt = { isDelivered: false, status: 500, error: 'status 500' };

const delivery = (id: number): DueDelivery => ({
  id,
  attempts: 2,
  message_id: String(id),
  type: 'order.status_changed',
  created_at: new Date(0),
  data: { order_id: id },
  url: 'https://shop.example.com/hook',
  secret: 'sealed',
  previous_secret: null,
  traceparent: null,
});

/** A queue in memory, and a receiver that answers when the test says so. */
class World {
  readonly settled: AttemptResult[] = [];
  readonly answers: ((attempt: Attempt) => void)[] = [];
  isStopping = false;
  disabled: number[] = [];
  /** The ids of deliveries that a session was given although it had not saved their results. */
  readonly takenTwice: number[] = [];
  settle = (results: readonly AttemptResult[]): boolean | Promise<boolean> => {
    this.settled.push(...results);
    return false;
  };
  private readonly given = new Set<number>();
  private readonly due: DueDelivery[];

  constructor(
    count: number,
    private readonly secrets = [SECRET],
  ) {
    this.due = Array.from({ length: count }, (_, index) => delivery(index + 1));
  }

  run(isFailing = false): Promise<void> {
    const parts: SessionParts = {
      queue: {
        take: (_, handled, limit) => {
          const saved = new Set(this.settled.map(({ id }) => id));
          const open = [...this.given].filter((id) => !saved.has(id) && !handled.includes(id));
          this.takenTwice.push(...open);
          const due = this.due.splice(0, limit);
          for (const { id } of due) this.given.add(id);
          return Promise.resolve({ due, mayHaveMore: this.due.length > 0 });
        },
        settle: async (_, results) => this.settle(results),
      },
      sender: { send: () => new Promise((resolve) => this.answers.push(resolve)) },
      secrets: { open: () => this.secrets },
      isStopping: () => this.isStopping,
      onAttempt: () => undefined,
      onDisabled: (id) => this.disabled.push(id),
    };
    return new EndpointSession({ id: 7, token: 't', isFailing }, parts).run();
  }

  /** Waits until the session has done all that it can without a further answer. */
  async rest(): Promise<number> {
    for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
    return this.answers.length;
  }

  answer(attempt: Attempt): void {
    this.answers.shift()?.(attempt);
  }
}

describe('A session with an endpoint', () => {
  it('a session sends 8 notifications at once, and the next one after an answer', async () => {
    const world = new World(10);
    const running = world.run();
    expect(await world.rest()).toBe(8);
    world.answer(ACCEPTED);
    expect(await world.rest()).toBe(8);
    while ((await world.rest()) > 0) world.answer(ACCEPTED);
    await running;
    expect(world.settled.map(({ isDelivered }) => isDelivered)).toEqual(Array<boolean>(10).fill(true));
  });

  it('a session with an endpoint that fails sends one notification at a time, until one is accepted', async () => {
    const world = new World(12);
    const running = world.run(true);
    expect(await world.rest()).toBe(1);
    world.answer(REFUSED);
    expect(await world.rest()).toBe(1);
    world.answer(ACCEPTED);
    expect(await world.rest()).toBe(8);
    while ((await world.rest()) > 0) world.answer(ACCEPTED);
    await running;
    expect(world.settled).toHaveLength(12);
    expect(world.settled[0]).toEqual({ id: 1, ...REFUSED, pauseSeconds: 1800 });
  });

  it('a session goes on sending 8 at once after single failures, although an answer is slow, until 8 fail in a row', async () => {
    const world = new World(30);
    const running = world.run();
    expect(await world.rest()).toBe(8);
    // The first answer stays away.
    const [slow] = world.answers.splice(0, 1);
    for (const attempt of [REFUSED, REFUSED, ACCEPTED, ...Array<Attempt>(7).fill(REFUSED)]) {
      world.answer(attempt);
      expect(await world.rest()).toBe(7);
    }
    world.answer(REFUSED);
    expect(await world.rest()).toBe(6);
    for (let left = 5; left >= 0; left -= 1) {
      world.answer(REFUSED);
      expect(await world.rest()).toBe(left);
    }
    slow!(ACCEPTED);
    expect(await world.rest()).toBe(8);
    while ((await world.rest()) > 0) world.answer(ACCEPTED);
    await running;
    expect(world.settled).toHaveLength(30);
  });

  it('a notification that is answered while other results are saved is not taken again', async () => {
    const world = new World(20);
    const { settle } = world;
    let save = (): void => undefined;
    world.settle = async (results) => {
      await new Promise<void>((resolve) => (save = resolve));
      return settle(results);
    };
    const running = world.run();
    await world.rest();
    world.answer(ACCEPTED);
    await world.rest();
    world.answer(ACCEPTED);
    await world.rest();
    world.settle = settle;
    save();
    while ((await world.rest()) > 0) world.answer(ACCEPTED);
    await running;
    expect(world.settled).toHaveLength(20);
    expect(world.takenTwice).toEqual([]);
  });

  it('a session that is stopping sends no more, and saves the results of what it has sent', async () => {
    const world = new World(20);
    const running = world.run();
    await world.rest();
    world.isStopping = true;
    while ((await world.rest()) > 0) world.answer(ACCEPTED);
    await running;
    expect(world.settled).toHaveLength(8);
  });

  it('results that could not be saved are saved before the session ends', async () => {
    const world = new World(1);
    const { settle } = world;
    world.settle = () => {
      world.settle = settle;
      throw new Error('no connection');
    };
    const running = world.run();
    await world.rest();
    world.answer(ACCEPTED);
    await expect(running).rejects.toThrow('no connection');
    expect(world.settled).toEqual([expect.objectContaining({ id: 1, isDelivered: true })]);
  });

  it('an endpoint that is disabled by a result is reported', async () => {
    const world = new World(1);
    world.settle = () => true;
    const running = world.run();
    await world.rest();
    world.answer(REFUSED);
    await running;
    expect(world.disabled).toEqual([7]);
  });

  it.each([
    ['that no key opens', [], 'no APP_KEY opens the secret of the endpoint'],
    ['that is none', ['whsec_'], 'the notification could not be signed'],
  ])('an endpoint with a secret %s gets nothing', async (_, secrets, error) => {
    const world = new World(1, secrets);
    await world.run();
    expect(world.settled).toEqual([expect.objectContaining({ isDelivered: false, status: null, error })]);
  });
});
