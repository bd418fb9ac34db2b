import { TOKEN_PROGRAM_ID } from '@solana/spl-token';
import { Connection, PublicKey } from '@solana/web3.js';
import bs58 from 'bs58';
import * as z from 'zod';
import { marketOf, type MarketSymbol } from '#shared/markets.ts';
import { addresses, PROGRAM_ID } from '#support/program/addresses.ts';
import { type AccountName, type AccountOf, decodeAccount, program } from '#support/program/client.ts';
import { decodeEvents, type ProgramEvent } from '#support/program/events.ts';

/** An event of the program with the transaction that carried it. */
export type LandedEvent = ProgramEvent & { readonly signature: string };

const readsAtOnce = 32;

/** The chain itself, read without any part of the exchange. */
export class ChainTruth {
  readonly #connection: Connection;

  constructor(rpcUrl: string) {
    this.#connection = new Connection(rpcUrl, 'confirmed');
  }

  /** Every event of transactions that touched a trader's account, oldest first. */
  async eventsOf(owner: string): Promise<LandedEvent[]> {
    const account = addresses.user(new PublicKey(owner));
    const signatures = await this.#connection.getSignaturesForAddress(account);
    const landed = signatures.filter(({ err }) => err === null).reverse();
    const events = await Promise.all(landed.map(({ signature }) => this.#eventsIn(signature)));
    return events.flat();
  }

  /** Every event of the program since it was deployed, oldest first. */
  async allEvents(): Promise<LandedEvent[]> {
    const landed: string[] = [];
    for (let before: string | undefined; ;) {
      const page = await this.#connection.getSignaturesForAddress(PROGRAM_ID, before === undefined ? {} : { before });
      landed.push(...page.filter(({ err }) => err === null).map(({ signature }) => signature));
      before = page.at(-1)?.signature;
      if (before === undefined) break;
    }
    const events: LandedEvent[] = [];
    const oldestFirst = landed.reverse();
    for (let from = 0; from < oldestFirst.length; from += readsAtOnce) {
      const some = oldestFirst.slice(from, from + readsAtOnce);
      events.push(...(await Promise.all(some.map((signature) => this.#eventsIn(signature)))).flat());
    }
    return events;
  }

  /** Every position that was ever opened, flat ones too. */
  positions(): Promise<AccountOf<'position'>[]> {
    return this.#all('position');
  }

  /** The trader's position; null where none was ever opened. */
  async position(owner: string, symbol: MarketSymbol): Promise<AccountOf<'position'> | null> {
    const market = addresses.market(marketOf(symbol).index);
    return this.#account('position', addresses.position(new PublicKey(owner), market));
  }

  async account(owner: string): Promise<AccountOf<'userAccount'> | null> {
    return this.#account('userAccount', addresses.user(new PublicKey(owner)));
  }

  /** Test USDC in a wallet itself, 1e-6. */
  async usdcOf(owner: string): Promise<bigint> {
    const programId = TOKEN_PROGRAM_ID;
    const { value } = await this.#connection.getParsedTokenAccountsByOwner(new PublicKey(owner), { programId });
    return sum(value.map(({ account }) => BigInt(parsedAmount.parse(account.data).parsed.info.tokenAmount.amount)));
  }

  /** Where the money is, 1e-6 USDC: what the program says is owned, and what the vault holds. */
  async books(): Promise<{ readonly owned: bigint; readonly vault: bigint }> {
    const [pool, insurance, treasury, markets, withdrawals, accounts, positions, vault] = await Promise.all([
      this.#account('pool', addresses.pool),
      this.#account('insurance', addresses.insurance),
      this.#account('treasury', addresses.treasury),
      this.#all('market'),
      this.#all('withdrawal'),
      this.#all('userAccount'),
      this.#all('position'),
      this.#connection.getTokenAccountBalance(addresses.vault),
    ]);
    const owned =
      (pool?.free ?? 0n) +
      (pool?.requestedDeposits ?? 0n) +
      (insurance?.balance ?? 0n) +
      (treasury?.balance ?? 0n) +
      sum(markets.map((market) => market.backing + market.insuranceAccrued + market.treasuryAccrued)) +
      sum(withdrawals.map(({ amount }) => amount)) +
      sum(accounts.map(({ collateral }) => collateral)) +
      sum(positions.map(({ state }) => state.margin));
    return { owned, vault: BigInt(vault.value.amount) };
  }

  async #eventsIn(signature: string): Promise<LandedEvent[]> {
    const options = { maxSupportedTransactionVersion: 0, commitment: 'confirmed' } as const;
    const found = await this.#connection.getTransaction(signature, options);
    if (found === null) throw new Error(`the chain lists ${signature} and does not have it`);
    const inner = (found.meta?.innerInstructions ?? []).map(({ instructions }) =>
      instructions.map((call) => ({ ...call, data: bs58.decode(call.data), stackHeight: 2 })),
    );
    const keys = found.transaction.message.staticAccountKeys;
    return decodeEvents(inner, keys).map((event) => ({ ...event, signature }));
  }

  async #account<Name extends AccountName>(name: Name, address: PublicKey): Promise<AccountOf<Name> | null> {
    const found = await this.#connection.getAccountInfo(address);
    return found === null ? null : decodeAccount(name, found.data);
  }

  async #all<Name extends AccountName>(name: Name): Promise<AccountOf<Name>[]> {
    const { bytes } = program.coder.accounts.memcmp(name, undefined) as { bytes: string };
    const filters = [{ memcmp: { offset: 0, bytes } }];
    const found = await this.#connection.getProgramAccounts(PROGRAM_ID, { filters });
    return found.map(({ account }) => decodeAccount(name, account.data));
  }
}

const parsedAmount = z.object({
  parsed: z.object({ info: z.object({ tokenAmount: z.object({ amount: z.string() }) }) }),
});

const sum = (values: readonly bigint[]): bigint => values.reduce((total, value) => total + value, 0n);
