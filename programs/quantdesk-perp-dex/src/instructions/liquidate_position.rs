use crate::errors::PerpError;
use crate::events::{LiquidationParameters, LiquidationRewarded, PositionLiquidated};
use crate::instructions::common::authority::{check_not_older, keeper_of, oldest_publish_time};
use crate::instructions::common::insurance::{funds_of, store_use};
use crate::instructions::common::records::{market_after, stamp_trade};
use crate::math::accrual::accrue;
use crate::math::ints::{add_i128, add_u64};
use crate::math::position_liquidate::liquidate;
use crate::oracle::accept_price;
use crate::state::{Exchange, Insurance, Market, MarketConfig, Position, UserAccount};
use anchor_lang::prelude::*;

#[event_cpi]
#[derive(Accounts)]
pub struct LiquidatePosition<'info> {
    /// A keeper; absent, the price must be at most 5 seconds old.
    pub keeper: Option<Signer<'info>>,
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
    /// Needed where a loss exceeds the margin or a payout the backing (`NeedsInsurance`), and for a reward's top-up.
    #[account(mut)]
    pub insurance: Option<Box<Account<'info, Insurance>>>,
    /// Takes the keeper's share as free collateral; absent, the share stays with insurance.
    #[account(
        mut,
        constraint = liquidator_account.owner != user_account.owner @ PerpError::SelfLiquidation
    )]
    pub liquidator_account: Option<Box<Account<'info, UserAccount>>>,
}

/// Liquidates, in every state of the market. Without a keeper's signature the price must be fresh, so that nobody reaches back
/// for a moment that suits him.
pub fn handler(ctx: Context<LiquidatePosition>) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let event = execute(ctx.accounts, now)?;
    emit_cpi!(*event);
    if let Some(liquidator) = ctx.accounts.liquidator_account.as_mut() {
        let rewarded = LiquidationRewarded {
            account_seq: liquidator.next_seq()?,
            owner: liquidator.owner,
            position: ctx.accounts.position.key(),
            liquidated_position_seq: event.position_seq,
            amount: event.keeper_reward,
            collateral: liquidator.collateral,
        };
        emit_cpi!(rewarded);
    }
    Ok(())
}

fn execute(accounts: &mut LiquidatePosition, now: i64) -> Result<Box<PositionLiquidated>> {
    let keeper = keeper_of(&accounts.exchange, accounts.keeper.as_ref(), now)?;
    let oracle = accept_price(&mut accounts.market, &accounts.price_update, now)?;
    check_not_older(&oracle, oldest_publish_time(keeper, now)?)?;
    accrue(&mut accounts.market, oracle.price, now)?;
    let before = accounts.position.state;
    let mut funds = accounts
        .insurance
        .as_deref()
        .map(|insurance| funds_of(insurance, now));
    let liquidated = liquidate(
        &mut accounts.market,
        &mut accounts.position.state,
        &mut accounts.user_account.collateral,
        &oracle,
        &mut funds,
        accounts.liquidator_account.is_some(),
    )?;
    let insurance = store_use(accounts.insurance.as_mut(), funds, now)?;
    let mut liquidator = Pubkey::default();
    if let Some(account) = accounts.liquidator_account.as_mut() {
        account.collateral = add_u64(account.collateral, liquidated.reward.keeper_reward)?;
        liquidator = account.owner;
    }
    let position = &mut accounts.position;
    position.payout_owed = add_u64(position.payout_owed, liquidated.payout_owed)?;
    position.realized_pnl = add_i128(position.realized_pnl, i128::from(liquidated.realized_pnl))?;
    let opened_seq = position.opened_seq;
    let market_address = accounts.market.key();
    let no_order = [0; 16];
    let stamps = stamp_trade(
        &mut accounts.market,
        &mut accounts.user_account,
        &mut accounts.position,
        no_order,
        before.size,
        now,
    )?;
    Ok(Box::new(PositionLiquidated {
        market_seq: stamps.market_seq,
        account_seq: stamps.account_seq,
        position_seq: stamps.position_seq,
        command_seq: stamps.command_seq,
        owner: accounts.position.owner,
        market: market_address,
        market_index: accounts.market.index,
        keeper: keeper.unwrap_or_default(),
        liquidator,
        oracle,
        size: liquidated.size,
        entry_value: liquidated.entry_value,
        equity_e26: liquidated.equity_e26,
        maintenance_e26: liquidated.maintenance_e26,
        parameters: parameters_of(&accounts.market.config),
        realized_pnl: liquidated.realized_pnl,
        funding: liquidated.funding,
        borrow: liquidated.borrow,
        liquidation_fee: liquidated.liquidation_fee,
        keeper_share: liquidated.reward.keeper_share,
        insurance_share: liquidated.reward.insurance_share,
        keeper_reward: liquidated.reward.keeper_reward,
        margin_released: liquidated.margin_released,
        bad_debt: liquidated.bad_debt,
        payout_owed: liquidated.payout_owed,
        insurance,
        before,
        after: accounts.position.state,
        opened_seq,
        collateral: accounts.user_account.collateral,
        market_after: market_after(&accounts.market)?,
    }))
}

fn parameters_of(config: &MarketConfig) -> LiquidationParameters {
    LiquidationParameters {
        maintenance_margin_bps: config.maintenance_margin_bps,
        liquidation_fee_bps: config.liquidation_fee_bps,
        keeper_share_bps: config.keeper_share_bps,
        liquidation_target_bps: config.liquidation_target_bps,
        min_liquidation_bps: config.min_liquidation_bps,
        min_position_notional: config.min_position_notional,
        keeper_reward_min: config.keeper_reward_min,
    }
}
