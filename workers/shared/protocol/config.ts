import * as z from 'zod';
import { marketSymbolSchema, walletAddressSchema } from './common.ts';

/** What a client has to know before it can trade: addresses, network, limits. Public. */
export const configResponseSchema = z
  .object({
    network: z.enum(['local', 'devnet', 'mainnet']),
    version: z.string(),
    rpc_url: z.string().meta({ description: 'Solana RPC for wallets' }),
    program_id: walletAddressSchema,
    usdc_mint: walletAddressSchema,
    exchange: walletAddressSchema,
    vault: walletAddressSchema,
    pool: walletAddressSchema,
    keepers: z.array(walletAddressSchema),
    fee_payers: z.array(walletAddressSchema),
    pyth_receiver: walletAddressSchema,
    faucet: z.boolean().meta({ description: 'Whether POST /api/dev/faucet works here' }),
    markets: z.array(
      z.object({
        symbol: marketSymbolSchema,
        index: z.int(),
        base: z.string(),
        address: walletAddressSchema,
        feed_id: z.string(),
        price_account: walletAddressSchema,
        price_decimals: z.int(),
        size_decimals: z.int(),
      }),
    ),
    limits: z.object({
      trading_requests_per_minute: z.int(),
      market_data_requests_per_minute: z.int(),
      open_orders_max: z.int(),
      waiting_openings_max: z.int(),
      body_bytes_max: z.int(),
      list_limit_max: z.int(),
    }),
  })
  .meta({ id: 'Config' });

export type ConfigResponse = z.infer<typeof configResponseSchema>;
