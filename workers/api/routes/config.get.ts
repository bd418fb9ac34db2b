import { MARKETS } from '#shared/markets.ts';
import { listLimitMax } from '#shared/protocol/common.ts';
import { configResponseSchema } from '#shared/protocol/config.ts';
import { tradingRequestsPerWindowMax } from '../../account/limiter.ts';
import { openOrdersMax, waitingOpeningsMax } from '../../account/order-room.ts';
import { bodyBytesMax } from '../middleware/body-size.ts';
import { dataRequestsPerMinuteMax } from '../middleware/rate-limit.ts';
import { defineOperation } from '../operation.ts';

export const configGet = defineOperation({
  method: 'GET',
  path: '/api/config',
  tag: 'System',
  summary: 'Network, addresses and limits a client needs before it can trade',
  auth: 'none',
  rate: 'data',
  status: 200,
  answer: configResponseSchema,
  refusals: [],
  handle: async ({ services: { settings, chain } }) => ({
    network: settings.NETWORK,
    version: settings.VERSION,
    rpc_url: settings.PUBLIC_RPC_URL,
    program_id: settings.PROGRAM_ID,
    usdc_mint: settings.USDC_MINT,
    exchange: chain.addresses.exchange.toBase58(),
    vault: chain.addresses.vault.toBase58(),
    pool: chain.addresses.pool.toBase58(),
    keepers: [chain.keeper.toBase58()],
    fee_payers: chain.keys.feePayers.map((payer) => payer.publicKey.toBase58()),
    pyth_receiver: settings.PYTH_RECEIVER,
    faucet: settings.NETWORK !== 'mainnet' && settings.FAUCET_SECRET_KEY !== undefined,
    markets: MARKETS.map((market) => ({
      symbol: market.symbol,
      index: market.index,
      base: market.base,
      address: chain.addresses.market(market.symbol).toBase58(),
      feed_id: market.feedId,
      price_account: market.priceAccount,
      price_decimals: market.priceDecimals,
      size_decimals: market.sizeDecimals,
    })),
    limits: {
      trading_requests_per_minute: tradingRequestsPerWindowMax,
      market_data_requests_per_minute: dataRequestsPerMinuteMax,
      open_orders_max: openOrdersMax,
      waiting_openings_max: waitingOpeningsMax,
      body_bytes_max: bodyBytesMax,
      list_limit_max: listLimitMax,
    },
  }),
});
