import * as z from 'zod';
import {
  effectiveLeverageCodec,
  priceCodec,
  quoteCodec,
  signedQuoteCodec,
  signedSizeCodec,
  sizeCodec,
} from '#shared/money/codecs.ts';
import {
  bpsSchema,
  marketSymbolSchema,
  pageQuerySchema,
  signatureSchema,
  timestampSchema,
  unixSecondsSchema,
  uuidSchema,
} from './common.ts';

/** total = collateral + Σ margin + unrealized; available = collateral; margin_used = Σ margin. USDC. */
export const balanceSchema = z
  .object({
    account_open: z.boolean().meta({ description: 'Whether the trading account exists on chain' }),
    total_balance: signedQuoteCodec,
    available_balance: quoteCodec,
    margin_used: quoteCodec,
    unrealized_pnl: signedQuoteCodec,
    realized_pnl: signedQuoteCodec.meta({
      description:
        'Sum of realized_pnl of all fills and liquidations since the account opened: before funding, borrow, price impact and fees; after them: net_realized_pnl of GET /api/portfolio/history',
    }),
    leverage: effectiveLeverageCodec.meta({ description: 'Σ notional over total_balance' }),
  })
  .meta({ id: 'PortfolioBalance' });

export type BalanceDto = z.infer<typeof balanceSchema>;

/** Seconds of each interval of the portfolio's history. Snapshots are taken every 5 minutes and kept hourly after 30 days. */
export const PORTFOLIO_INTERVALS = { '5m': 300, '1h': 3_600, '4h': 14_400, '1d': 86_400 } as const;

export type PortfolioInterval = keyof typeof PORTFOLIO_INTERVALS;

export const portfolioHistoryQuerySchema = pageQuerySchema.extend({
  interval: z
    .enum(Object.keys(PORTFOLIO_INTERVALS) as [PortfolioInterval, ...PortfolioInterval[]])
    .default('1h')
    .meta({
      description: 'One point, the last, of each interval; intervals begin at whole multiples since 1970 in UTC',
    }),
});

/** The portfolio as it was. */
export const portfolioPointSchema = z
  .object({
    time: timestampSchema.meta({ description: 'Beginning of the 5 minutes in which it was taken' }),
    total_balance: signedQuoteCodec.meta({ description: 'Equity: collateral, margins and unrealised profit or loss' }),
    available_balance: quoteCodec,
    margin_used: quoteCodec,
    unrealized_pnl: signedQuoteCodec,
    net_realized_pnl: signedQuoteCodec.meta({
      description:
        'Since the account opened: realized_pnl of all executions less funding, borrow and price impact, before trading_fees_paid; bad debt is not counted',
    }),
    trading_fees_paid: quoteCodec.meta({ description: 'Trading and liquidation fees since the account opened' }),
    drawdown: quoteCodec.meta({
      description:
        'How far realised + unrealised − fees is below its highest value until then; deposits and withdrawals do not count',
    }),
    drawdown_bps: bpsSchema.meta({ description: 'The drawdown as a share of total_balance + drawdown, rounded up' }),
  })
  .meta({ id: 'PortfolioPoint' });

export type PortfolioPointDto = z.infer<typeof portfolioPointSchema>;

export const portfolioHistorySchema = z.array(portfolioPointSchema);

/** What to export: everything without bounds. */
export const portfolioExportQuerySchema = z.object({
  from: z.coerce.number().int().pipe(unixSecondsSchema).optional().meta({ description: 'From this second on' }),
  to: z.coerce.number().int().pipe(unixSecondsSchema).optional().meta({ description: 'Before this second' }),
});

/** A withdrawal that could not be paid at once. Both null where nothing waits. */
export const waitingWithdrawalSchema = z
  .object({
    amount: quoteCodec.nullable().meta({ description: 'Still to be paid; it left the collateral and is owed' }),
    ticket: z.int().nullable().meta({ description: 'Its place: tickets are served in their order' }),
  })
  .meta({ id: 'WaitingWithdrawal' });

export type WaitingWithdrawalDto = z.infer<typeof waitingWithdrawalSchema>;

/** Money into or out of free collateral. */
export const transferSchema = z
  .object({
    id: uuidSchema,
    kind: z.enum(['deposit', 'withdrawal', 'liquidation_reward', 'payout']).meta({
      description: '`liquidation_reward`: for liquidating others; `payout`: a profit that had waited for the pool',
    }),
    status: z.enum(['done', 'queued', 'returned', 'cancelled']).meta({
      description: '`queued`: waits for its turn; `returned`, `cancelled`: what was not paid is collateral again',
    }),
    amount: quoteCodec,
    paid: quoteCodec.meta({ description: 'Of the amount, what has moved' }),
    transaction_hash: signatureSchema,
    created_at: timestampSchema,
  })
  .meta({ id: 'Transfer' });

export type TransferDto = z.infer<typeof transferSchema>;

export const transferListSchema = z.array(transferSchema);

/** The delegation of the account, as it stands on chain. */
export const delegateSchema = z
  .object({
    state: z.enum(['active', 'expired', 'none']).meta({
      description:
        '`active`: orders are executed without your signature; `expired`: its time is over; `none`: revoked or never given',
    }),
    expires_at: timestampSchema.nullable().meta({ description: 'When it ends; null where there is none' }),
    turnover_cap: quoteCodec.nullable().meta({
      description: 'Most notional opened in any 24 hours; reductions are exempt; null where there is none',
    }),
    max_slippage_bps: bpsSchema.nullable().meta({
      description: 'Worst distance of an execution from the oracle price; null where there is none',
    }),
  })
  .meta({ id: 'Delegate' });

export type DelegateDto = z.infer<typeof delegateSchema>;

export const poolSchema = z
  .object({
    share_price: priceCodec.nullable().meta({ description: 'USDC per share; null before the first deposit' }),
    total_shares: quoteCodec,
    equity: signedQuoteCodec.nullable().meta({ description: 'Null while a market has no price' }),
    mint_equity: signedQuoteCodec.nullable().meta({
      description: 'What minting counts the pool as worth: as rich as its prices allow, where `equity` is as poor',
    }),
    redemption_fee_bps: bpsSchema.meta({ description: 'Of a redemption; stays with the pool' }),
    request_delay_seconds: z.int().min(0).meta({
      description: 'From a request to the first publish_time that may execute it',
    }),
    request_window_seconds: z.int().min(0).meta({
      description: 'How long after that a request can be executed; later it lapses and what it locked goes back',
    }),
    assets: quoteCodec,
    free: quoteCodec,
    insurance: quoteCodec,
    utilisation_bps: bpsSchema,
    markets: z.array(
      z.object({
        symbol: marketSymbolSchema,
        backing: signedQuoteCodec,
        reserved: quoteCodec,
        utilisation_bps: z.int().min(0),
        long_open_interest: sizeCodec,
        short_open_interest: sizeCodec,
        skew: signedSizeCodec,
        traders_pnl: signedQuoteCodec.nullable(),
        price: priceCodec.nullable(),
        fees_collected: quoteCodec.meta({ description: 'All trading fees of this market so far' }),
        pool_fee_share_bps: bpsSchema.meta({ description: "The pool's share of a trading fee now" }),
      }),
    ),
  })
  .meta({ id: 'Pool' });

export type PoolDto = z.infer<typeof poolSchema>;

/** A holder's part of the pool. */
export const poolHolderSchema = z
  .object({
    shares: quoteCodec,
    value: quoteCodec.nullable().meta({
      description: 'What the shares stand for now, before the redemption fee; null while a market has no price',
    }),
    pending: z
      .object({
        kind: z.enum(['mint', 'redeem']),
        amount: quoteCodec.meta({ description: 'USDC of a mint, shares of a redemption' }),
        requested_at: timestampSchema,
        executable_from: unixSecondsSchema.meta({
          description: 'First publish_time that executes it, seconds since 1970',
        }),
      })
      .nullable()
      .meta({ description: 'A request on its way; at most one' }),
  })
  .meta({ id: 'PoolHolder' });

export type PoolHolderDto = z.infer<typeof poolHolderSchema>;
