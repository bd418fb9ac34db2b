use crate::constants::seeds;
use crate::errors::PerpError;
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
        space = Market::DISCRIMINATOR.len() + Market::INIT_SPACE,
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

pub fn handler(_ctx: Context<CreateMarket>, _args: CreateMarketArgs) -> Result<()> {
    Ok(())
}
