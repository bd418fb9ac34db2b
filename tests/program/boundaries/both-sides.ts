/** The acceptance of a price account by the compiled program and by the TypeScript, one beside the other. */
import type { PublicKey } from '@solana/web3.js';
import { type Bps, bps } from '#shared/money/units.ts';
import { PerpError } from '#shared/perps/errors.ts';
import { acceptPrice } from '#shared/perps/oracle.ts';
import { type PriceUpdate, decodePriceUpdate } from '#shared/perps/price-update.ts';
import type { OracleConfig, OraclePrice } from '#shared/perps/types.ts';
import { type TestExchange, type TestMarket } from '#support/program/exchange.ts';
import * as build from '#support/program/instructions.ts';
import { RECEIVER, priceUpdateBytes } from '#support/program/prices.ts';

/** An answer: the accepted price, or the name of the refusal. */
export type Answer = string | { readonly price: bigint; readonly conf: bigint; readonly ema: bigint };

/** The market's parameters as the TypeScript takes them. */
function oracleOf(exchange: TestExchange, market: TestMarket): OracleConfig {
  const { oracle } = exchange.marketState(market);
  const share = (value: number): Bps => bps(BigInt(value));
  return {
    receiverProgram: oracle.receiverProgram,
    priceAccount: oracle.priceAccount,
    feedId: Buffer.from(oracle.feedId).toString('hex'),
    minSignatures: oracle.minSignatures,
    maxStalenessSeconds: BigInt(oracle.maxStalenessSeconds),
    maxConfidenceBps: share(oracle.maxConfidenceBps),
    maxEmaDivergenceBps: share(oracle.maxEmaDivergenceBps),
  };
}

function byTypeScript(
  config: OracleConfig,
  last: OraclePrice | null,
  account: PublicKey,
  data: Uint8Array,
  now: bigint,
) {
  try {
    const update = decodePriceUpdate(data);
    const given = { address: account.toBase58(), owner: RECEIVER.toBase58(), update };
    const { price, conf, ema } = acceptPrice(given, config, last, now);
    return { price: BigInt(price), conf: BigInt(conf), ema: BigInt(ema) };
  } catch (error) {
    if (error instanceof PerpError) return error.code;
    throw error;
  }
}

/** Answers of the program (`refresh_market`) and of the TypeScript to these account bytes. */
export async function answers(
  exchange: TestExchange,
  data: Uint8Array,
  market: TestMarket = exchange.market,
): Promise<{ readonly program: Answer; readonly typescript: Answer }> {
  const before = exchange.marketState(market).price;
  const last = before.price === 0n ? null : (before as unknown as OraclePrice);
  const config = oracleOf(exchange, market);
  const typescript = byTypeScript(config, last, market.priceAccount, data, exchange.chain.now);
  exchange.chain.setData(market.priceAccount, RECEIVER, data);
  const sent = exchange.send([await build.refreshMarket(market.key, market.priceAccount)], []);
  const { price, conf, ema } = exchange.marketState(market).price;
  return { program: sent.error ?? { price, conf, ema }, typescript };
}

/** Bytes of a price account at 100 USD, published now, with these fields changed. */
export function accountWith(exchange: TestExchange, changes: Partial<PriceUpdate>): Uint8Array {
  const at = { price: 100n * 10n ** 8n, publishTime: exchange.chain.now };
  return priceUpdateBytes(exchange.market.feedId, at, changes);
}
