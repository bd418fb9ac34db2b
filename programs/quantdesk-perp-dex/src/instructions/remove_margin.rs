use crate::constants::pause;
use crate::errors::PerpError;
use crate::events::MarginChanged;
use crate::instructions::common::authority::{authorise_trade, check_delegation_runs, check_seq};
use crate::instructions::common::records::{market_after, stamp};
use crate::math::accrual::accrue;
use crate::math::position_margin::remove_margin;
use crate::oracle::{accept_price, check_near_ema};
use crate::state::{Exchange, Market, MarketStatus, Position, UserAccount};
use anchor_lang::prelude::*;

#[event_cpi]
#[derive(Accounts)]
pub struct RemoveMargin<'info> {
    /// Must hold the keeper role: nobody else can land a trade, so nobody picks the moment of its price.
    pub keeper: Signer<'info>,
    /// The trader, where he signs himself; absent, the keeper acts under the account's delegation.
    pub owner_signer: Option<Signer<'info>>,
    pub exchange: Box<Account<'info, Exchange>>,
    #[account(mut)]
    pub market: Box<Account<'info, Market>>,
    #[account(mut)]
    pub user_account: Box<Account<'info, UserAccount>>,
    #[account(
        mut,
        constraint = position.owner == user_account.owner @ PerpError::NotOwner,
        constraint = position.market == market.key() @ PerpError::WrongMarket
    )]
    pub position: Box<Account<'info, Position>>,
    /// CHECK: address, owner and content are checked by `oracle::accept_price`.
    pub price_update: UncheckedAccount<'info>,
}

#[derive(AnchorSerialize, AnchorDeserialize, Clone, Debug)]
pub struct RemoveMarginArgs {
    /// 1e-6 USDC.
    pub amount: u64,
    /// The order this attempt belongs to (16 uuid bytes; zero for none).
    pub order_id: [u8; 16],
    /// Position.seq this command was prepared for.
    pub expected_seq: u64,
    /// Smallest acceptable `publish_time`, unix seconds.
    pub min_publish_time: i64,
}

/// Removes margin the position does not need, unless the market is halted.
pub fn handler(ctx: Context<RemoveMargin>, args: RemoveMarginArgs) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let event = execute(ctx.accounts, &args, now)?;
    emit_cpi!(*event);
    Ok(())
}

fn execute(
    accounts: &mut RemoveMargin,
    args: &RemoveMarginArgs,
    now: i64,
) -> Result<Box<MarginChanged>> {
    let keeper = accounts.keeper.key();
    require!(
        !accounts.exchange.is_paused(pause::REMOVE_MARGIN),
        PerpError::Paused
    );
    let delegated = authorise_trade(
        &accounts.exchange,
        &accounts.user_account,
        &keeper,
        accounts.owner_signer.as_ref(),
        now,
    )?;
    check_delegation_runs(&accounts.exchange, delegated)?;
    check_seq(args.expected_seq, accounts.position.seq)?;
    require!(
        accounts.market.status != MarketStatus::Halted,
        PerpError::MarketHalted
    );
    let oracle = accept_price(&mut accounts.market, &accounts.price_update, now)?;
    require!(
        oracle.publish_time >= args.min_publish_time,
        PerpError::PriceTooEarly
    );
    check_near_ema(&oracle, &accounts.market.oracle)?;
    accrue(&mut accounts.market, oracle.price, now)?;
    let before = accounts.position.state;
    remove_margin(
        &mut accounts.market,
        &mut accounts.position.state,
        &mut accounts.user_account.collateral,
        &oracle,
        args.amount,
    )?;
    let market_address = accounts.market.key();
    let stamps = stamp(
        &mut accounts.market,
        &mut accounts.user_account,
        &mut accounts.position,
        args.order_id,
        before.size,
        now,
    )?;
    Ok(Box::new(MarginChanged {
        market_seq: stamps.market_seq,
        account_seq: stamps.account_seq,
        position_seq: stamps.position_seq,
        command_seq: stamps.command_seq,
        owner: accounts.position.owner,
        market: market_address,
        market_index: accounts.market.index,
        order_id: args.order_id,
        keeper,
        delegated,
        min_publish_time: args.min_publish_time,
        added: false,
        amount: args.amount,
        oracle: Some(oracle),
        before,
        after: accounts.position.state,
        opened_seq: accounts.position.opened_seq,
        collateral: accounts.user_account.collateral,
        market_after: market_after(&accounts.market)?,
    }))
}
