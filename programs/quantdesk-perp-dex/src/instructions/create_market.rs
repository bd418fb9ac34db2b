use crate::constants::{seeds, ACCOUNT_VERSION, MARKETS_MAX};
use crate::errors::PerpError;
use crate::events::MarketCreated;
use crate::instructions::common::durable_nonce::refuse_durable_nonce;
use crate::instructions::common::parameters::check_weights;
use crate::instructions::config_bounds::{check_market, check_oracle};
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
    /// CHECK: the sysvar by its address; read to refuse durable nonces.
    #[account(address = solana_instructions_sysvar::ID)]
    pub instructions_sysvar: UncheckedAccount<'info>,
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
    refuse_durable_nonce(&ctx.accounts.instructions_sysvar)?;
    args.validate()?;
    let accounts = &mut *ctx.accounts;
    let index = accounts.exchange.market_count;
    require!(usize::from(index) < MARKETS_MAX, PerpError::TooManyMarkets);
    // A market's weight gives it a part of the pool at its own prices: where there is something to lose, that waits the lock.
    let nothing_to_lose = accounts.pool.supply == 0 || accounts.exchange.time_lock_seconds == 0;
    require!(
        nothing_to_lose || args.config.weight_bps == 0,
        PerpError::NeedsProposal
    );
    let weight = accounts
        .pool
        .weight_bps
        .get_mut(usize::from(index))
        .ok_or(PerpError::TooManyMarkets)?;
    *weight = args.config.weight_bps;
    check_weights(&accounts.pool)?;
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
