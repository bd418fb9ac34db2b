/** Runs a sequence, action by action, and looks at every invariant after every instruction. */
import { type Action, type Instruction, type Surroundings, isInstruction } from './action.ts';
import { build } from './build.ts';
import { Commands } from './checks/commands.ts';
import { Conservation } from './checks/conservation.ts';
import { Health } from './checks/health.ts';
import { LiquidationEvents } from './checks/liquidation-event.ts';
import { OutflowLimit } from './checks/outflow.ts';
import { Ownership } from './checks/ownership.ts';
import { PoolShares } from './checks/pool-shares.ts';
import { Projection } from './checks/projection.ts';
import { Refused } from './checks/refused.ts';
import { Streams } from './checks/streams.ts';
import { Sums } from './checks/sums.ts';
import { Broken, Step, holds } from './step.ts';
import { World, roles } from './world.ts';

/** Instructions between two full recounts. */
const recountEvery = 500;

export class Session {
  readonly world: World;
  readonly conservation = new Conservation();
  readonly sums = new Sums();
  readonly commands = new Commands();
  readonly #checks = [
    new Refused(),
    this.conservation,
    this.sums,
    new Health(),
    new Ownership(),
    new PoolShares(),
    new OutflowLimit(),
    new LiquidationEvents(),
    new Streams(),
    new Projection(),
    this.commands,
  ];
  #executed = 0;

  /** `still`: funding and borrow are off, so that indexes are constant. */
  constructor(seed: number, options: { readonly still?: boolean } = {}) {
    this.world = new World(seed, options.still ?? false);
  }

  /** Instructions run so far. */
  get executed(): number {
    return this.#executed;
  }

  /** Does one action. Throws Broken where an invariant does not hold. Gives the step of an instruction. */
  run(action: Action): Step | undefined {
    if (!isInstruction(action)) {
      this.#surround(action);
      return undefined;
    }
    return this.#instruct(action);
  }

  #surround(action: Surroundings): void {
    const { world } = this;
    if (action.do === 'clock') world.vm.setNow(world.vm.now + action.seconds);
    else if (action.do === 'gift') world.gift(action.amount);
    else if (action.do === 'freeze') {
      const { tokens, owner } = world.person(action.who);
      world.writeTokens(tokens, owner, world.accounts.tokens(tokens), action.frozen);
    } else if (action.do === 'age') world.age(action);
    else {
      const { market, price, conf, ema, age = 0n, signatures } = action;
      world.publish(market, {
        writeAuthority: new Uint8Array(32),
        verification: signatures === undefined ? { kind: 'full' } : { kind: 'partial', signatures },
        feedId: world.market(market).feedId,
        price,
        conf,
        exponent: -8,
        publishTime: world.vm.now - age,
        prevPublishTime: world.vm.now - age - 1n,
        emaPrice: ema,
        emaConf: conf,
        postedSlot: 0n,
      });
    }
  }

  #instruct(action: Instruction): Step {
    const { world } = this;
    const built = build(world, action);
    const outcome = world.vm.execute(roles.payer, built.metas, built.data);
    const written = built.metas.filter((meta) => meta.writable && !isWallet.has(meta.key)).map(({ key }) => key);
    const step = new Step(world, action, built, outcome, world.accounts.refresh(written));
    this.#executed += 1;
    for (const check of this.#checks) check.check(step);
    if (this.#executed % recountEvery === 0) this.recount();
    return step;
  }

  /** Everything again from the accounts as they lie on the chain. */
  recount(): void {
    const unnoticed = this.world.accounts.unnoticed();
    holds(unnoticed.length === 0, '3 ownership', () => `changed unnoticed: ${unnoticed.join(', ')}`);
    this.conservation.recount(this.world);
    this.sums.recount(this.world);
  }
}

/** Wallets that pay fees and rent: SOL is no part of the books. */
const isWallet = new Set<string>([
  ...[roles.payer, roles.upgradeAuthority, roles.admin, roles.otherAdmin, roles.riskManager, roles.stranger],
  ...[roles.treasuryAuthority, ...roles.keepers],
]);

export { Broken };
