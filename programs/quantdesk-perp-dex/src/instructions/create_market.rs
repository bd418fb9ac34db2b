use crate::constants::{seeds, ACCOUNT_VERSION, BPS, MARKETS_MAX};
use crate::errors::PerpError;
use crate::events::MarketCreated;
use crate::instructions::config_bounds::{check_market, check_oracle};
use crate::math::ints::add_u64;
use crate::state::{Exchange, Market, MarketConfig, OracleConfig, Pool};
use anchor_lang::prelude::*;

#[event_cpi]
#[derive(Accounts)]
pub struct CreateMarket<'info> {
    pub admin: Signer<'info>,
    /// Pays the rent.
    #[account(mut)]
    pub payer: Signer<'info>,
    #[account(mut, has_one = admin @ PerpError::NotAdmin)]
    pub exchange: Box<Account<'info, Exchange>>,
    #[account(mut)]
    pub pool: Box<Account<'info, Pool>>,
    /// The next market: its index is `exchange.market_count`.
    #[account(
        init,
        payer = payer,
        space = Market::SPACE,
        seeds = [seeds::MARKET, &[exchange.market_count]],
        bump
    )]
    pub market: Box<Account<'info, Market>>,
    pub system_program: Program<'info, System>,
}

#[derive(AnchorSerialize, AnchorDeserialize, Clone, Debug)]
pub struct CreateMarketArgs {
    /// ASCII, padded with zero bytes.
    pub symbol: [u8; 16],
    /// Where the price comes from.
    pub oracle: OracleConfig,
    /// Parameters.
    pub config: MarketConfig,
}

impl CreateMarketArgs {
    fn validate(&self) -> Result<()> {
        check_market(&self.config)?;
        check_oracle(&self.oracle, &self.config)?;
        require!(is_symbol(&self.symbol), PerpError::InvalidConfig);
        Ok(())
    }
}

/// Printable ASCII without spaces, at least one character, zero bytes only after it.
fn is_symbol(symbol: &[u8; 16]) -> bool {
    let length = symbol
        .iter()
        .position(|byte| *byte == 0)
        .unwrap_or(symbol.len());
    let (text, padding) = symbol.split_at(length);
    !text.is_empty()
        && text.iter().all(u8::is_ascii_graphic)
        && padding.iter().all(|byte| *byte == 0)
}

pub fn handler(ctx: Context<CreateMarket>, args: CreateMarketArgs) -> Result<()> {
    args.validate()?;
    let accounts = &mut *ctx.accounts;
    let index = accounts.exchange.market_count;
    require!(usize::from(index) < MARKETS_MAX, PerpError::TooManyMarkets);
    let weights = accounts
        .pool
        .weight_bps
        .iter()
        .try_fold(u64::from(args.config.weight_bps), |sum, weight| {
            add_u64(sum, u64::from(*weight))
        })?;
    require!(weights <= BPS, PerpError::WeightsExceeded);
    let weight = accounts
        .pool
        .weight_bps
        .get_mut(usize::from(index))
        .ok_or(PerpError::TooManyMarkets)?;
    *weight = args.config.weight_bps;
    accounts.exchange.market_count = index.checked_add(1).ok_or(PerpError::TooManyMarkets)?;
    let address = accounts.market.key();
    let market = &mut accounts.market;
    market.version = ACCOUNT_VERSION;
    market.bump = ctx.bumps.market;
    market.index = index;
    market.symbol = args.symbol;
    market.oracle = args.oracle;
    market.config = args.config;
    market.accrued_at = Clock::get()?.unix_timestamp;
    let event = MarketCreated {
        exchange_seq: accounts.exchange.next_event_seq()?,
        market_seq: market.next_event_seq()?,
        pool_seq: accounts.pool.next_event_seq()?,
        market: address,
        market_index: index,
        symbol: args.symbol,
        oracle: args.oracle,
        config: args.config,
    };
    emit_cpi!(event);
    Ok(())
}
