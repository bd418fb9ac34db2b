import type { TestMarket, Trader } from '#support/program/exchange.ts';
import { BASE } from '#support/program/exchange.ts';
import { addresses } from '#support/program/addresses.ts';
import * as build from '#support/program/instructions.ts';
import { bn } from '#support/program/plain.ts';
import type { Costs } from './measure.ts';
import type { WorstCase } from './world.ts';

const anyPrice = { long: 2n ** 63n - 1n, short: 1n } as const;
const opened = 1_234n * BASE + 56_789_012n;
/** Hundredths: one that keeps its margin over days, one that a small move liquidates. */
const calm = 1_111;
const bold = 4_321;
const owed = 987_654_321n;
const hour = 3_600n;
const day = 24n * hour;

/** One trader's life in one market, every transaction measured at its most expensive. */
export class TradingLife {
  readonly #world: WorstCase;
  readonly #costs: Costs;
  readonly #market: TestMarket;
  readonly #trader: Trader;
  readonly #liquidator: Trader;

  constructor(world: WorstCase, costs: Costs, market: TestMarket, trader: Trader, liquidator: Trader) {
    this.#world = world;
    this.#costs = costs;
    this.#market = market;
    this.#trader = trader;
    this.#liquidator = liquidator;
  }

  /** Trades, flips, is settled, and closes on request. */
  async trade(): Promise<void> {
    this.#world.move(hour, 10_000n);
    await this.#create();
    await this.#trade('trade: opens', 'long', opened);
    this.#world.move(30n * hour, 10_003n);
    await this.#trade('trade: increases', 'long', opened / 7n);
    this.#world.move(day, 10_011n);
    await this.#open('open_position: increases', 'long', opened / 3n);
    this.#world.move(7n * hour, 10_017n);
    await this.#settle();
    this.#world.move(7n * hour, 10_019n);
    await this.#trade('trade: reduces', 'short', opened / 11n);
    this.#world.move(hour, 10_023n);
    await this.#close('close_position: reduces', opened / 13n);
    await this.#margins();
    this.#world.move(30n * hour, 10_029n);
    await this.#trade('trade: flips', 'short', 3n * opened);
    this.#world.move(day, 10_031n);
    await this.#close('close_position: closes', build.ALL);
    this.#world.move(30n * hour, 10_037n);
    await this.#open('open_position: opens', 'long', opened);
    await this.#onRequest();
  }

  /** Is liquidated in part, then in full with bad debt. */
  async liquidate(): Promise<void> {
    this.#world.move(day, 10_000n);
    await this.#trade('trade: opens', 'long', opened, bold);
    this.#world.move(61n, 9_857n);
    await this.#liquidate('liquidate_position: a part');
    this.#world.move(61n, 9_350n);
    await this.#liquidate('liquidate_position: all, with bad debt');
  }

  /** Reaches the payoff cap and is closed by anyone; is owed a payout. */
  async capped(): Promise<void> {
    this.#world.move(day, 10_000n);
    await this.#trade('trade: opens', 'long', opened);
    this.#world.move(2n * hour, 12_345n);
    const keeper = this.#world.exchange.keeper;
    const instruction = await build.closeCapped({ ...this.#openToAnyone(), keeper: keeper.publicKey });
    this.#costs.run('close_capped', { instructions: [instruction], signers: [keeper] });
    await this.#owed();
  }

  /** No sequence of instructions leads here quickly: a backing used up but for a few units, and a payout recorded. */
  async #owed(): Promise<void> {
    const { chain } = this.#world.exchange;
    const owner = this.#trader.wallet.publicKey;
    const { long, short } = chain.fetch('market', this.#market.key);
    await chain.rewrite('market', this.#market.key, (content) => {
      content.payoutsOwed = bn(owed);
      content.backing = bn(long.reserve + short.reserve + 5n);
    });
    await chain.rewrite('position', addresses.position(owner, this.#market.key), (content) => {
      content.payoutOwed = bn(owed);
    });
    const instruction = await build.payOwed(owner, this.#market.key, true);
    this.#costs.run('pay_owed', { instructions: [instruction], signers: [] });
  }

  #openToAnyone(): build.OpenToAnyone {
    return {
      owner: this.#trader.wallet.publicKey,
      market: this.#market.key,
      priceUpdate: this.#market.priceAccount,
      withInsurance: true,
    };
  }

  async #create(): Promise<void> {
    const owner = this.#trader.wallet.publicKey;
    const payer = this.#world.exchange.chain.feePayer.publicKey;
    const instruction = await build.createPosition(owner, this.#market.key, payer);
    this.#costs.run('create_position', { instructions: [instruction], signers: [] });
  }

  async #settle(): Promise<void> {
    const owner = this.#trader.wallet.publicKey;
    const instruction = await build.settlePosition(owner, this.#market.key, this.#market.priceAccount);
    this.#costs.run('settle_position', { instructions: [instruction], signers: [] });
  }

  async #onRequest(): Promise<void> {
    const { wallet } = this.#trader;
    const request = await build.requestClose(wallet.publicKey, this.#market.key);
    this.#costs.run('request_close', { instructions: [request], signers: [wallet] });
    this.#world.move(7n, 10_041n);
    const execute = await build.executeCloseRequest(this.#openToAnyone());
    this.#costs.run('execute_close_request', { instructions: [execute], signers: [] });
  }

  async #liquidate(name: string): Promise<void> {
    const { keeper } = this.#world.exchange;
    const instruction = await build.liquidatePosition({
      ...this.#openToAnyone(),
      keeper: keeper.publicKey,
      liquidator: this.#liquidator.wallet.publicKey,
    });
    this.#costs.run(name, { instructions: [instruction], signers: [keeper] });
  }

  async #margins(): Promise<void> {
    const delegated = this.#command();
    const add = (command: build.Command) => build.addMargin(command, 98_765_432_109n);
    await this.#run('add_margin', add, delegated);
    this.#world.move(hour, 10_027n);
    await this.#run('remove_margin', (command) => build.removeMargin(command, 12_345_678n), this.#command());
  }

  async #trade(name: string, side: build.Side, size: bigint, leverageE2 = calm): Promise<void> {
    const args = { side, size, leverageE2, worstPrice: anyPrice[side], withInsurance: true };
    await this.#run(name, (command) => build.trade(command, args), this.#command());
  }

  async #open(name: string, side: build.Side, size: bigint): Promise<void> {
    const args = { side, size, leverageE2: calm, worstPrice: anyPrice[side] };
    await this.#run(name, (command) => build.openPosition(command, args), this.#command());
  }

  async #close(name: string, size: bigint): Promise<void> {
    const isLong = 'long' in this.#world.exchange.position(this.#trader, this.#market).state.side;
    const args = { size, worstPrice: anyPrice[isLong ? 'short' : 'long'], withInsurance: true };
    await this.#run(name, (command) => build.closePosition(command, args), this.#command());
  }

  #command(): build.Command {
    return this.#world.command(this.#trader, this.#market);
  }

  /** Under the delegation, which takes the most units; signed by the trader too and after `create_position` it takes the most bytes. */
  async #run(
    name: string,
    instruction: (command: build.Command) => ReturnType<typeof build.trade>,
    command: build.Command,
  ): Promise<void> {
    const owner = this.#trader.wallet.publicKey;
    const payer = this.#world.exchange.chain.feePayer.publicKey;
    this.#costs.run(name, {
      instructions: [await instruction(command)],
      signers: [this.#world.exchange.keeper],
      longest: [
        await build.createPosition(owner, this.#market.key, payer),
        await instruction({ ...command, selfSigned: true }),
      ],
    });
  }
}
