use crate::errors::PerpError;
use crate::events::MarketSettled;
use crate::instructions::refresh_market::refresh;
use crate::math::ints::{add_i128, add_u64, sub_i64, sub_u64, to_i64, to_u64, MathResult};
use crate::math::pool::{loan_repayment, pool_assets, settlement};
use crate::math::reserve::reserved;
use crate::state::{Insurance, Market, Pool, Treasury};
use anchor_lang::prelude::*;

#[event_cpi]
#[derive(Accounts)]
pub struct SettleMarket<'info> {
    #[account(mut)]
    pub market: Box<Account<'info, Market>>,
    #[account(mut)]
    pub pool: Box<Account<'info, Pool>>,
    #[account(mut)]
    pub insurance: Box<Account<'info, Insurance>>,
    #[account(mut)]
    pub treasury: Box<Account<'info, Treasury>>,
    /// CHECK: address, owner and content are checked by `oracle::accept_price`.
    pub price_update: UncheckedAccount<'info>,
}

/// Moves whole units between the market and the pool (to its weight, and never below what its reserves need), and the shares
/// of insurance and treasury to their accounts.
pub fn handler(ctx: Context<SettleMarket>) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let address = ctx.accounts.market.key();
    let refreshed = refresh(
        &mut ctx.accounts.market,
        address,
        &ctx.accounts.price_update,
        now,
    )?;
    emit_cpi!(refreshed);
    let settled = settle(ctx.accounts, address, now)?;
    emit_cpi!(settled);
    Ok(())
}

fn settle(accounts: &mut SettleMarket, address: Pubkey, now: i64) -> Result<MarketSettled> {
    let market = &mut accounts.market;
    let pool = &mut accounts.pool;
    let to_free = move_to_free(market, pool)?;
    let repaid = repay_loan(market, pool)?;
    let to_insurance = add_u64(core::mem::take(&mut market.insurance_accrued), repaid)?;
    let to_treasury = core::mem::take(&mut market.treasury_accrued);
    let (mut insurance_seq, mut insurance_balance) = (0, 0);
    if to_insurance > 0 {
        accounts.insurance.balance = add_u64(accounts.insurance.balance, to_insurance)?;
        insurance_seq = accounts.insurance.next_event_seq()?;
        insurance_balance = accounts.insurance.balance;
    }
    let (mut treasury_seq, mut treasury_balance) = (0, 0);
    if to_treasury > 0 {
        accounts.treasury.balance = add_u64(accounts.treasury.balance, to_treasury)?;
        treasury_seq = accounts.treasury.next_event_seq()?;
        treasury_balance = accounts.treasury.balance;
    }
    market.settled_at = now;
    Ok(MarketSettled {
        market_seq: market.next_event_seq()?,
        pool_seq: pool.next_event_seq()?,
        insurance_seq,
        treasury_seq,
        market: address,
        market_index: market.index,
        to_free,
        to_insurance,
        to_treasury,
        backing: market.backing,
        reserved: reserved(market)?,
        insurance_debt: market.insurance_debt,
        free: pool.free,
        insurance_balance,
        treasury_balance,
    })
}

/// Moves what settlement says, and lets the pool know the market's backing.
fn move_to_free(market: &mut Market, pool: &mut Pool) -> MathResult<i64> {
    set_known_backing(pool, market)?;
    let assets = pool_assets(pool.free, &pool.backing)?;
    let to_free = settlement(market, assets, pool.free)?;
    market.backing = sub_i64(market.backing, to_free)?;
    pool.free = to_u64(add_i128(i128::from(pool.free), i128::from(to_free))?)?;
    set_known_backing(pool, market)?;
    Ok(to_free)
}

/// Pays insurance's loan back as far as no reserve is touched; gives back how much that is, 1e-6 USDC.
fn repay_loan(market: &mut Market, pool: &mut Pool) -> MathResult<u64> {
    let repaid = loan_repayment(market)?;
    market.insurance_debt = sub_u64(market.insurance_debt, repaid)?;
    market.backing = sub_i64(market.backing, to_i64(repaid)?)?;
    set_known_backing(pool, market)?;
    Ok(repaid)
}

/// Writes the market's backing into the pool's list.
pub fn set_known_backing(pool: &mut Pool, market: &Market) -> MathResult<()> {
    let known = pool
        .backing
        .get_mut(usize::from(market.index))
        .ok_or(PerpError::WrongMarket)?;
    *known = market.backing;
    Ok(())
}
