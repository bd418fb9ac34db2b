use crate::events::MarketRefreshed;
use crate::math::accrual::accrue;
use crate::oracle::accept_price;
use crate::state::Market;
use anchor_lang::prelude::*;

#[event_cpi]
#[derive(Accounts)]
pub struct RefreshMarket<'info> {
    #[account(mut)]
    pub market: Box<Account<'info, Market>>,
    /// CHECK: address, owner and content are checked by `oracle::accept_price`.
    pub price_update: UncheckedAccount<'info>,
}

/// Accepts the current price and accrues: what pool requests need of a market, together with its settlement.
pub fn handler(ctx: Context<RefreshMarket>) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let address = ctx.accounts.market.key();
    let event = refresh(
        &mut ctx.accounts.market,
        address,
        &ctx.accounts.price_update,
        now,
    )?;
    emit_cpi!(event);
    Ok(())
}

/// Accepts the price at `now` (unix seconds), accrues, and says so.
pub fn refresh(
    market: &mut Market,
    address: Pubkey,
    price_update: &AccountInfo,
    now: i64,
) -> Result<MarketRefreshed> {
    let oracle = accept_price(market, price_update, now)?;
    accrue(market, oracle.price, now)?;
    market.refreshed_at = now;
    Ok(MarketRefreshed {
        market_seq: market.next_event_seq()?,
        market: address,
        market_index: market.index,
        oracle,
        funding_index: market.funding_index,
        borrow_index: market.borrow_index,
    })
}
