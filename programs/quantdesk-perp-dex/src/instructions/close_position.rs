use crate::errors::PerpError;
use crate::events::PositionReduced;
use crate::instructions::common::authority::{authorise_trade, check_delegate_slippage, check_seq};
use crate::instructions::common::insurance::{funds_of, store_use};
use crate::instructions::common::records::{market_after, stamp_trade};
use crate::math::accrual::accrue;
use crate::math::ints::{add_i128, add_u128};
use crate::math::position_reduce::{reduce, ReduceRequest};
use crate::math::side::closing_trade;
use crate::oracle::accept_price;
use crate::state::{Exchange, Insurance, Market, Position, UserAccount};
use anchor_lang::prelude::*;

#[event_cpi]
#[derive(Accounts)]
pub struct ClosePosition<'info> {
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
    /// Needed where a payout exceeds the backing or a loss exceeds the margin (`NeedsInsurance`).
    #[account(mut)]
    pub insurance: Option<Box<Account<'info, Insurance>>>,
}

#[derive(AnchorSerialize, AnchorDeserialize, Clone, Debug)]
pub struct ClosePositionArgs {
    /// Size to take off, 1e-8 base units; the largest u64 means all.
    pub size: u64,
    /// Worst price, impact included, 1e-8 USD.
    pub worst_price: u64,
    /// The order this attempt belongs to (16 uuid bytes; zero for none).
    pub order_id: [u8; 16],
    /// Position.seq this command was prepared for.
    pub expected_seq: u64,
    /// Smallest acceptable `publish_time`, unix seconds.
    pub min_publish_time: i64,
}

/// The largest u64 as a size means all of the position.
const ALL: u64 = u64::MAX;

/// Reduces or closes, in every state of the market: checks who and when, accepts the price, accrues, then trades.
pub fn handler(ctx: Context<ClosePosition>, args: ClosePositionArgs) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let event = execute(ctx.accounts, &args, now)?;
    emit_cpi!(*event);
    Ok(())
}

fn execute(
    accounts: &mut ClosePosition,
    args: &ClosePositionArgs,
    now: i64,
) -> Result<Box<PositionReduced>> {
    let keeper = accounts.keeper.key();
    let delegated = authorise_trade(
        &accounts.exchange,
        &accounts.user_account,
        &keeper,
        accounts.owner_signer.as_ref(),
        now,
    )?;
    check_seq(args.expected_seq, accounts.position.seq)?;
    let oracle = accept_price(&mut accounts.market, &accounts.price_update, now)?;
    require!(
        oracle.publish_time >= args.min_publish_time,
        PerpError::PriceTooEarly
    );
    accrue(&mut accounts.market, oracle.price, now)?;
    let before = accounts.position.state;
    let size = if args.size == ALL {
        before.size
    } else {
        args.size
    };
    let mut funds = accounts
        .insurance
        .as_deref()
        .map(|insurance| funds_of(insurance, now));
    let reduced = reduce(
        &mut accounts.market,
        &mut accounts.position.state,
        &mut accounts.user_account.collateral,
        &oracle,
        &ReduceRequest {
            size,
            worst_price: args.worst_price,
        },
        &mut funds,
    )?;
    if delegated {
        let direction = closing_trade(before.side);
        let delegate = &accounts.user_account.delegate;
        check_delegate_slippage(
            delegate,
            direction,
            size,
            oracle.price,
            reduced.fill_price,
            reduced.impact,
        )?;
    }
    let insurance = store_use(accounts.insurance.as_mut(), funds, now)?;
    let position = &mut accounts.position;
    position.realized_pnl = add_i128(position.realized_pnl, i128::from(reduced.realized_pnl))?;
    position.fees_paid = add_u128(position.fees_paid, u128::from(reduced.fee))?;
    let opened_seq = position.opened_seq;
    let market_address = accounts.market.key();
    let stamps = stamp_trade(
        &mut accounts.market,
        &mut accounts.user_account,
        &mut accounts.position,
        args.order_id,
        before.size,
        now,
    )?;
    Ok(Box::new(PositionReduced {
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
        worst_price: args.worst_price,
        oracle,
        fill_price: reduced.fill_price,
        size,
        entry_value: reduced.entry_value,
        realized_pnl: reduced.realized_pnl,
        funding: reduced.funding,
        borrow: reduced.borrow,
        fee: reduced.fee,
        fee_split: reduced.fee_split,
        impact: reduced.impact,
        margin_released: reduced.margin_released,
        bad_debt: reduced.bad_debt,
        insurance,
        before,
        after: accounts.position.state,
        opened_seq,
        collateral: accounts.user_account.collateral,
        market_after: market_after(&accounts.market)?,
    }))
}
