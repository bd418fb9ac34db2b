import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '../../workers/platform/failpoint-faults.ts';
import type { FailpointName } from '../../workers/platform/failpoint-names.ts';
import type { Scene } from './scene.ts';
import type { ChaosExchange } from './stack/exchange.ts';

/** Something that goes wrong while a trader does something. */
export interface Disturbance {
  readonly name: string;
  readonly action: string;
  /** An order may end rejected, without effect: its time ran out meanwhile. */
  readonly mayReject?: boolean;
  /** Sets it up, before the operation begins. */
  begin(scene: Scene): void | Promise<void>;
  /** What else happens beside the operation. */
  meanwhile?(scene: Scene): Promise<void>;
  /** Waits until it happens: a case without its fault proved nothing. @throws when it does not in time. */
  untilReached?(exchange: ChaosExchange): Promise<void>;
}

/** How long a point may take that lies behind the effect, such as finality. */
const reachedMsMax = 70_000;
const sweepAgainMs = 3_000;
/** How long others have to overtake. */
const overtakingMs = 2_000;

/** What happens at a failpoint: the faults of the worker, the end of the whole process, or a pause in which others overtake. */
export type FailpointAction = Exclude<Fault['action'], 'stall'> | 'kill' | 'overtake';

export interface FailpointCase {
  readonly failpoint: FailpointName;
  readonly action: FailpointAction;
  /** Beginning of the point's subject, `$` for the trader's wallet; without it the wallet. */
  readonly subject?: string;
  /** The object that `abort` ends; without it the trader's account. */
  readonly ends?: string;
  /** Others come while it is reached, and may be first. */
  readonly isOvertaken?: boolean;
}

/** The worker fails at a named point. */
export function atFailpoint(chaos: FailpointCase): Disturbance {
  const { failpoint, action, subject = '$', ends } = chaos;
  const isStalled = action === 'kill' || action === 'overtake';
  const reached = Promise.withResolvers<void>();
  const faultFor = ({ exchange, trader }: Scene): Fault => ({
    name: failpoint,
    subject: subject.replace('$', trader.address),
    ends: ends ?? trader.address,
    ...(isStalled ? { action: 'stall', report: exchange.stalls.url } : { action }),
  });
  return {
    name: failpoint,
    action,
    async begin(scene) {
      const { worker } = scene.exchange;
      await worker.arm([faultFor(scene)]);
      if (failpoint.startsWith('sweep.')) void sweepUntilHappened(worker);
    },
    ...(isStalled
      ? {
          async meanwhile({ exchange }: Scene) {
            const stall = await exchange.stalls.next();
            reached.resolve();
            if (action === 'kill') return exchange.worker.restart();
            await sleep(overtakingMs);
            stall.release();
          },
          untilReached: () => reached.promise,
        }
      : {
          async untilReached({ worker }: ChaosExchange) {
            const deadline = Date.now() + reachedMsMax;
            while ((await worker.happened())[0] === 0) {
              if (Date.now() > deadline) throw new Error(`${failpoint} was not reached`);
              await sleep(200);
            }
          },
        }),
  };
}

/** A sweep that died keeps the others away for as long as its lease lasts. */
async function sweepUntilHappened(worker: ChaosExchange['worker']): Promise<void> {
  const deadline = Date.now() + reachedMsMax;
  const isOver = (): Promise<boolean> =>
    worker.happened().then(
      ([times]) => times !== 0,
      () => true,
    );
  while (Date.now() < deadline && !(await isOver())) {
    void worker.sweep();
    await sleep(sweepAgainMs);
  }
}

/** For a while something around the worker does not work. */
const outage = (
  name: string,
  seconds: number,
  begin: (exchange: ChaosExchange) => void,
  end: (exchange: ChaosExchange) => void,
): Disturbance => ({
  name,
  action: `${seconds} s`,
  mayReject: true,
  begin: ({ exchange }) => begin(exchange),
  async meanwhile({ exchange }) {
    await sleep(seconds * 1_000);
    end(exchange);
  },
});

const rpcAway = (kind: 'refuse' | 'hang', seconds: number): Disturbance =>
  outage(
    `RPC ${kind === 'hang' ? 'hangs' : 'refuses'}`,
    seconds,
    ({ stack }) => stack.solana.control({ outage: kind }),
    ({ stack }) => stack.solana.control({ reset: true }),
  );

const hermesAway = (seconds: number): Disturbance =>
  outage(
    'Hermes away',
    seconds,
    ({ stack }) => stack.hermes.control({ mode: 'unavailable', drop: true }),
    ({ stack }) => stack.hermes.control({ mode: 'ok' }),
  );

/** What goes wrong around the worker; the RPC also for so long that orders do not wait for it. */
export const surroundings = (): readonly Disturbance[] => [
  answersLost,
  transactionsDropped,
  rpcAway('refuse', shortOutageSeconds),
  rpcAway('refuse', longOutageSeconds),
  rpcAway('hang', shortOutageSeconds),
  databaseAway(shortOutageSeconds),
  hermesAway(shortOutageSeconds),
  streamCut,
];

const shortOutageSeconds = 8;
const longOutageSeconds = 60;

/** Transactions land, and the connection breaks before the answer: that of the first try and of the one after it. */
export const answersLost: Disturbance = {
  name: 'RPC answers lost',
  action: 'twice',
  begin: ({ exchange }) => exchange.stack.solana.control({ lose_answers: 2 }),
};

/** A transaction gets a signature and never lands. */
const transactionsDropped: Disturbance = {
  name: 'transactions dropped',
  action: 'once',
  mayReject: true,
  begin: ({ exchange }) => exchange.stack.solana.control({ drop_transactions: 1 }),
};

/** Orders, fills and positions wait for the database; nothing else does. */
export const databaseAway = (seconds: number): Disturbance => ({
  ...outage(
    'database away',
    seconds,
    ({ stack }) => (stack.neon.faults.mode = 'refuse'),
    ({ stack }) => (stack.neon.faults.mode = 'ok'),
  ),
  mayReject: false,
});

export const streamCut: Disturbance = {
  name: 'Hermes stream cut',
  action: 'thrice',
  begin: ({ exchange }) => exchange.stack.hermes.control({ drop: true }),
  async meanwhile({ exchange }) {
    for (let cut = 0; cut < 2; cut++) {
      await sleep(700);
      exchange.stack.hermes.control({ drop: true });
    }
  },
};
