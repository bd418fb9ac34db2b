/**
 * One market of the compiled program, run without signatures and without the client's coders: a hundred thousand commands take a minute.
 * An ordinary test exchange sets it up; its accounts are then moved to a bare virtual machine.
 */
import { bn } from '#support/program/plain.ts';
import { type Quote, quote } from '#shared/money/units.ts';
import type { InsuranceState } from '#shared/perps/ledger.ts';
import type { MarketState, PositionState } from '#shared/perps/types.ts';
import { PROGRAM_ID, addresses } from '#support/program/addresses.ts';
import type { AccountName, AccountOf } from '#support/program/client.ts';
import { type MarketConfig, TestExchange, must } from '#support/program/exchange.ts';
import { createPosition } from '#support/program/instructions.ts';
import { insuranceIn, marketOf, positionOf } from '#support/program/mirror.ts';
import { RECEIVER, priceUpdateBytes } from '#support/program/prices.ts';
import {
  type Key,
  type Value,
  instructions,
  readAccount,
  writeAccount,
  writeArguments,
} from '../program/fuzz/codec.ts';
import { FuzzVm, type Meta } from '../program/fuzz/vm.ts';

const described = new Map(instructions.map((instruction) => [instruction.name, instruction]));
const payerLamports = 10n ** 15n;

/** What a market is set up with; amounts 1e-6 USDC. */
export interface ProgramMarketOptions {
  readonly config: MarketConfig;
  readonly liquidity: bigint;
  readonly insurance: bigint;
  readonly topupCapPerHour: bigint;
  readonly collaterals: readonly bigint[];
}

interface Person {
  readonly owner: Key;
  readonly userAccount: Key;
  readonly position: Key;
}

/** Who takes part in an instruction beside the trader. */
export interface Parties {
  readonly byKeeper?: boolean;
  readonly selfSigned?: boolean;
  readonly withInsurance?: boolean;
  readonly rewarded?: boolean;
}

export class ProgramMarket {
  readonly #vm = new FuzzVm();
  readonly #payer: Key;
  readonly #fixed: Readonly<Record<string, Key>>;
  readonly #people: readonly Person[];
  readonly #feedId: Uint8Array;

  private constructor(exchange: TestExchange, people: readonly Person[]) {
    const { chain, keeper, market } = exchange;
    this.#payer = chain.feePayer.publicKey.toBase58();
    this.#people = people;
    this.#feedId = market.feedId;
    this.#fixed = {
      keeper: keeper.publicKey.toBase58(),
      exchange: addresses.exchange.toBase58(),
      market: market.key.toBase58(),
      priceUpdate: market.priceAccount.toBase58(),
      insurance: addresses.insurance.toBase58(),
      eventAuthority: addresses.eventAuthority.toBase58(),
      program: PROGRAM_ID.toBase58(),
    };
    this.#vm.install(exchange.upgradeAuthority.publicKey.toBase58());
    this.#vm.setNow(chain.now);
    this.#vm.setAccount(this.#payer, '11111111111111111111111111111111', new Uint8Array(0), payerLamports);
    for (const { address, data } of chain.vm.programAccounts(PROGRAM_ID.toBase58())) {
      this.#vm.setAccount(address, PROGRAM_ID.toBase58(), data);
    }
  }

  /** Traders by number, in the order of their collaterals; the last one is the liquidator. */
  static async create(options: ProgramMarketOptions): Promise<ProgramMarket> {
    const { config, liquidity, collaterals } = options;
    const exchange = await TestExchange.create({ config, liquidity });
    await exchange.chain.rewrite('insurance', addresses.insurance, (content) =>
      Object.assign(content, { balance: bn(options.insurance), topupCapPerHour: bn(options.topupCapPerHour) }),
    );
    const traders = await Promise.all([...collaterals, 0n].map((collateral) => exchange.trader(collateral)));
    const people: Person[] = [];
    for (const { wallet } of traders) {
      const owner = wallet.publicKey;
      must(exchange.send([await createPosition(owner, exchange.market.key, exchange.chain.feePayer.publicKey)], []));
      const keys = [owner, addresses.user(owner), addresses.position(owner, exchange.market.key)];
      const [ownerKey = '', userAccount = '', position = ''] = keys.map((key) => key.toBase58());
      people.push({ owner: ownerKey, userAccount, position });
    }
    return new ProgramMarket(exchange, people);
  }

  /** Unix seconds. */
  get now(): bigint {
    return this.#vm.now;
  }

  /** Time passes, then a price of that moment is published. */
  publish(afterSeconds: bigint, price: bigint, conf: bigint): void {
    this.#vm.setNow(this.#vm.now + afterSeconds);
    const bytes = priceUpdateBytes(this.#feedId, { price, conf, publishTime: this.#vm.now });
    this.#vm.setAccount(this.#key('priceUpdate'), RECEIVER.toBase58(), bytes);
  }

  market(): MarketState {
    return marketOf(this.#read('market', this.#key('market')));
  }

  insurance(): InsuranceState {
    return insuranceIn(this.#read('insurance', this.#key('insurance')), this.now);
  }

  position(who: number): PositionState {
    return positionOf(this.#read('position', this.#person(who).position));
  }

  /** Until when the next request to close is refused, unix seconds. */
  closeBlockedUntil(who: number): bigint {
    return this.#read('position', this.#person(who).position).closeBlockedUntil;
  }

  collateral(who: number): Quote {
    return quote(this.#read('userAccount', this.#person(who).userAccount).collateral);
  }

  get liquidatorCollateral(): Quote {
    return this.collateral(this.#people.length - 1);
  }

  /** Writes what is owed to a trader, as a liquidation does that finds neither pool nor insurance: a state that is rare otherwise. */
  owe(who: number, amount: bigint): void {
    const { position } = this.#person(who);
    const market = this.#key('market');
    const held = this.#read('position', position) as unknown as Record<string, Value>;
    const whole = this.#read('market', market);
    const payoutsOwed = whole.payoutsOwed + amount;
    this.#vm.setAccount(position, PROGRAM_ID.toBase58(), writeAccount('position', { ...held, payoutOwed: amount }));
    const content = { ...(whole as unknown as Record<string, Value>), payoutsOwed };
    this.#vm.setAccount(market, PROGRAM_ID.toBase58(), writeAccount('market', content));
  }

  /** Runs an instruction for a trader; answers the error's name, null where it succeeded. */
  run(name: string, who: number, args: Readonly<Record<string, Value>> | null, parties: Parties = {}): string | null {
    const instruction = described.get(name);
    if (instruction === undefined) throw new Error(`the program has no instruction ${name}`);
    const person = this.#person(who);
    const none = this.#key('program');
    const given: Readonly<Record<string, Key>> = {
      ...this.#fixed,
      ...person,
      keeper: parties.byKeeper === false ? none : this.#key('keeper'),
      ownerSigner: parties.selfSigned === true ? person.owner : none,
      insurance: parties.withInsurance === true ? this.#key('insurance') : none,
      liquidatorAccount: parties.rewarded === true ? this.#person(this.#people.length - 1).userAccount : none,
    };
    const metas = instruction.accounts.map((account): Meta => {
      const key = given[account.name];
      if (key === undefined) throw new Error(`${name} needs the account ${account.name}`);
      const isAbsent = account.optional === true && key === none;
      return { key, signer: !isAbsent && account.signer === true, writable: !isAbsent && account.writable === true };
    });
    return this.#vm.execute(this.#payer, metas, writeArguments(instruction, args === null ? [] : [args])).error;
  }

  #key(name: string): Key {
    const key = this.#fixed[name];
    if (key === undefined) throw new Error(`no account ${name}`);
    return key;
  }

  #person(who: number): Person {
    const person = this.#people[who];
    if (person === undefined) throw new Error(`no trader ${who}`);
    return person;
  }

  #read<Name extends AccountName>(name: Name, key: Key): AccountOf<Name> {
    const found = readAccount(this.#vm.account(key)?.data ?? new Uint8Array(0));
    if (found?.name !== name) throw new Error(`no ${name} at ${key}`);
    return found.content as unknown as AccountOf<Name>;
  }
}
