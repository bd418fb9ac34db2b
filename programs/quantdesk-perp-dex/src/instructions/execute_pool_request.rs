use crate::constants::{pause, FIRST_DEPOSIT_LOCKED_SHARES};
use crate::errors::PerpError;
use crate::events::{MarketSettled, PoolRequestExecuted, PoolRequestLapsed};
use crate::instructions::common::authority::keeper_of;
use crate::instructions::common::outflow::{count_inflow, count_outflow, room_beside_queue};
use crate::instructions::common::pool_markets::{
    check_markets, draw, equity_of, load_markets, LoadedMarket,
};
use crate::instructions::common::pool_request::{clear_request, window_from};
use crate::instructions::common::vault::pay_from_vault;
use crate::instructions::settle_market::set_known_backing;
use crate::math::ints::{add_u64, sub_u64};
use crate::math::pool::{first_mint_shares, mint_shares, redeem, spare_backing, PoolOperation};
use crate::state::{Exchange, LpAccount, Outflow, Pool, PoolRequestKind};
use anchor_lang::prelude::*;
use anchor_spl::token::{Token, TokenAccount};

/// All markets follow as remaining accounts, writable, in the order of their index.
#[event_cpi]
#[derive(Accounts)]
pub struct ExecutePoolRequest<'info> {
    /// A keeper; needed while any position is open. The pool is valued from sums, which can't tell a capped or underwater
    /// position among others: keepers close those first, and nobody else picks a moment between the two. Releasing a lapsed
    /// request needs nobody.
    pub keeper: Option<Signer<'info>>,
    #[account(has_one = vault @ PerpError::WrongVault)]
    pub exchange: Box<Account<'info, Exchange>>,
    #[account(mut)]
    pub outflow: Box<Account<'info, Outflow>>,
    #[account(mut)]
    pub pool: Box<Account<'info, Pool>>,
    #[account(mut)]
    pub lp_account: Box<Account<'info, LpAccount>>,
    #[account(mut)]
    pub vault: Box<Account<'info, TokenAccount>>,
    /// Takes a payout, or a lapsed deposit back: any USDC account of the holder (anyone can create one). Minting pays nothing out
    /// and needs none, so that a holder without a token account cannot stall it.
    #[account(
        mut,
        constraint = destination.mint == exchange.usdc_mint @ PerpError::WrongMint,
        constraint = destination.owner == lp_account.owner @ PerpError::NotOwner
    )]
    pub destination: Option<Box<Account<'info, TokenAccount>>>,
    pub token_program: Program<'info, Token>,
}

/// Executes a request inside its window, or releases a lapsed one.
pub fn handler<'info>(ctx: Context<'info, ExecutePoolRequest<'info>>) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let kind = ctx.accounts.lp_account.request_kind;
    require!(kind != PoolRequestKind::None, PerpError::NoPoolRequest);
    let window = window_from(ctx.accounts.lp_account.executable_from)?;
    if now >= window.released_from {
        let event = release(ctx.accounts)?;
        if kind == PoolRequestKind::Mint {
            // The deposit was no inflow yet, so its return is no outflow, and no limit keeps it.
            pay(ctx.accounts, event.amount)?;
        }
        emit_cpi!(event);
        return Ok(());
    }
    require!(
        !ctx.accounts.exchange.is_paused(pause::POOL),
        PerpError::Paused
    );
    let mut markets = load_markets(ctx.remaining_accounts, ctx.accounts.exchange.market_count)?;
    let open_interest = check_markets(&markets, &window, now)?;
    let keeper = keeper_of(&ctx.accounts.exchange, ctx.accounts.keeper.as_ref(), now)?;
    require!(
        keeper.is_some() || !open_interest,
        PerpError::MissingAuthority
    );
    for market in &markets {
        set_known_backing(&mut ctx.accounts.pool, market)?;
    }
    if kind == PoolRequestKind::Mint {
        let event = execute_mint(ctx.accounts, &markets)?;
        count_inflow(&mut ctx.accounts.outflow, event.amount, now)?;
        emit_cpi!(event);
        return Ok(());
    }
    let room = room_beside_queue(&mut ctx.accounts.outflow, now)?;
    let (event, draws) = execute_redeem(ctx.accounts, &mut markets, room)?;
    count_outflow(&mut ctx.accounts.outflow, event.amount, now)?;
    pay(ctx.accounts, event.amount)?;
    for market in &markets {
        market.exit(&crate::ID)?;
    }
    for draw in draws {
        emit_cpi!(draw);
    }
    emit_cpi!(event);
    Ok(())
}

fn pay(accounts: &ExecutePoolRequest, amount: u64) -> Result<()> {
    let destination = accounts
        .destination
        .as_ref()
        .ok_or(PerpError::MissingDestination)?;
    pay_from_vault(
        &accounts.exchange,
        &accounts.vault,
        destination,
        &accounts.token_program,
        amount,
    )
}

/// Gives back what a lapsed request locked.
fn release(accounts: &mut ExecutePoolRequest) -> Result<PoolRequestLapsed> {
    let lp_account = &mut accounts.lp_account;
    let kind = lp_account.request_kind;
    let amount = clear_request(lp_account);
    match kind {
        PoolRequestKind::Mint => {
            accounts.pool.requested_deposits = sub_u64(accounts.pool.requested_deposits, amount)?;
        }
        _ => lp_account.shares = add_u64(lp_account.shares, amount)?,
    }
    Ok(PoolRequestLapsed {
        pool_seq: accounts.pool.next_event_seq()?,
        lp_seq: lp_account.next_seq()?,
        owner: lp_account.owner,
        kind,
        amount,
        shares: lp_account.shares,
    })
}

fn execute_mint(
    accounts: &mut ExecutePoolRequest,
    markets: &[LoadedMarket],
) -> Result<PoolRequestExecuted> {
    let pool = &mut accounts.pool;
    let equity = equity_of(PoolOperation::Mint, pool, markets)?;
    let lp_account = &mut accounts.lp_account;
    let deposit = clear_request(lp_account);
    let minted = if pool.supply == 0 {
        pool.locked_shares = FIRST_DEPOSIT_LOCKED_SHARES;
        pool.supply = FIRST_DEPOSIT_LOCKED_SHARES;
        first_mint_shares(deposit)?
    } else {
        mint_shares(deposit, pool.supply, equity)?
    };
    pool.requested_deposits = sub_u64(pool.requested_deposits, deposit)?;
    pool.free = add_u64(pool.free, deposit)?;
    pool.supply = add_u64(pool.supply, minted)?;
    lp_account.shares = add_u64(lp_account.shares, minted)?;
    Ok(PoolRequestExecuted {
        pool_seq: pool.next_event_seq()?,
        lp_seq: lp_account.next_seq()?,
        owner: lp_account.owner,
        kind: PoolRequestKind::Mint,
        amount: deposit,
        share_amount: minted,
        shares_returned: 0,
        fee: 0,
        pool_equity: equity,
        shares: lp_account.shares,
        supply: pool.supply,
        free: pool.free,
        backing: known_backing(pool, markets),
    })
}

/// Takes the payout, at most `room` (1e-6 USDC), from the free assets, then from the markets in their order, and burns the
/// shares paid for.
fn execute_redeem(
    accounts: &mut ExecutePoolRequest,
    markets: &mut [LoadedMarket],
    room: u64,
) -> Result<(PoolRequestExecuted, Vec<MarketSettled>)> {
    let pool = &mut accounts.pool;
    let equity = equity_of(PoolOperation::Redeem, pool, markets)?;
    let mut available = pool.free;
    for market in markets.iter() {
        available = add_u64(available, spare_backing(market)?)?;
    }
    let lp_account = &mut accounts.lp_account;
    let locked = clear_request(lp_account);
    let redemption = redeem(
        locked,
        pool.supply,
        equity,
        accounts.exchange.lp_fee_bps,
        available.min(room),
    )?;
    let draws = draw(pool, markets, redemption.payout)?;
    let returned = sub_u64(locked, redemption.shares_burned)?;
    pool.supply = sub_u64(pool.supply, redemption.shares_burned)?;
    lp_account.shares = add_u64(lp_account.shares, returned)?;
    let event = PoolRequestExecuted {
        pool_seq: pool.next_event_seq()?,
        lp_seq: lp_account.next_seq()?,
        owner: lp_account.owner,
        kind: PoolRequestKind::Redeem,
        amount: redemption.payout,
        share_amount: redemption.shares_burned,
        shares_returned: returned,
        fee: redemption.fee,
        pool_equity: equity,
        shares: lp_account.shares,
        supply: pool.supply,
        free: pool.free,
        backing: known_backing(pool, markets),
    };
    Ok((event, draws))
}

/// The pool's list of backing, as far as there are markets.
fn known_backing(pool: &Pool, markets: &[LoadedMarket]) -> Vec<i64> {
    pool.backing.iter().take(markets.len()).copied().collect()
}
