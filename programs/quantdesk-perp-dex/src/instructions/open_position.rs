use crate::constants::pause;
use crate::errors::PerpError;
use crate::events::PositionIncreased;
use crate::instructions::common::authority::{
    authorise_trade, charge_turnover, check_delegate_slippage, check_seq,
};
use crate::instructions::common::records::{market_after, stamp_trade};
use crate::math::accrual::accrue;
use crate::math::ints::{add_u128, MathResult};
use crate::math::position_open::{open, OpenRequest, Opened};
use crate::math::side::opening_trade;
use crate::oracle::{accept_price, check_near_ema};
use crate::state::{Delegate, Exchange, Market, MarketStatus, Position, UserAccount};
use anchor_lang::prelude::*;

#[event_cpi]
#[derive(Accounts)]
pub struct OpenPosition<'info> {
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
pub struct OpenPositionArgs {
    /// Side to open or increase.
    pub side: crate::state::Side,
    /// Size to add, 1e-8 base units.
    pub size: u64,
    /// Leverage of what is added, hundredths.
    pub leverage_e2: u32,
    /// Worst price, impact included, 1e-8 USD.
    pub worst_price: u64,
    /// The order this attempt belongs to (16 uuid bytes; zero for none).
    pub order_id: [u8; 16],
    /// Position.seq this command was prepared for.
    pub expected_seq: u64,
    /// Smallest acceptable `publish_time`, unix seconds.
    pub min_publish_time: i64,
}

/// Opens or increases: checks who and when, accepts the price, accrues, then trades.
pub fn handler(ctx: Context<OpenPosition>, args: OpenPositionArgs) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let event = execute(ctx.accounts, &args, now)?;
    emit_cpi!(*event);
    Ok(())
}

fn execute(
    accounts: &mut OpenPosition,
    args: &OpenPositionArgs,
    now: i64,
) -> Result<Box<PositionIncreased>> {
    let keeper = accounts.keeper.key();
    require!(!accounts.exchange.is_paused(pause::OPEN), PerpError::Paused);
    let delegated = authorise_trade(
        &accounts.exchange,
        &accounts.user_account,
        &keeper,
        accounts.owner_signer.as_ref(),
        now,
    )?;
    check_seq(args.expected_seq, accounts.position.seq)?;
    check_status(accounts.market.status)?;
    let oracle = accept_price(&mut accounts.market, &accounts.price_update, now)?;
    require!(
        oracle.publish_time >= args.min_publish_time,
        PerpError::PriceTooEarly
    );
    check_near_ema(&oracle, &accounts.market.oracle)?;
    accrue(&mut accounts.market, oracle.price, now)?;
    let before = accounts.position.state;
    let request = OpenRequest {
        side: args.side,
        size: args.size,
        leverage_e2: args.leverage_e2,
        worst_price: args.worst_price,
    };
    let opened = open(
        &mut accounts.market,
        &mut accounts.position.state,
        &mut accounts.user_account.collateral,
        &oracle,
        &request,
    )?;
    if delegated {
        charge_delegate(
            &mut accounts.user_account.delegate,
            &request,
            &opened,
            oracle.price,
            now,
        )?;
    }
    accounts.position.fees_paid = add_u128(accounts.position.fees_paid, u128::from(opened.fee))?;
    let market_address = accounts.market.key();
    let stamps = stamp_trade(
        &mut accounts.market,
        &mut accounts.user_account,
        &mut accounts.position,
        args.order_id,
        before.size,
        now,
    )?;
    Ok(Box::new(PositionIncreased {
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
        leverage_e2: args.leverage_e2,
        oracle,
        fill_price: opened.fill_price,
        size: args.size,
        margin_added: opened.margin_added,
        fee: opened.fee,
        fee_split: opened.fee_split,
        impact: opened.impact,
        before,
        after: accounts.position.state,
        opened_seq: accounts.position.opened_seq,
        collateral: accounts.user_account.collateral,
        market_after: market_after(&accounts.market)?,
    }))
}

fn check_status(status: MarketStatus) -> Result<()> {
    match status {
        MarketStatus::Active => Ok(()),
        MarketStatus::ReduceOnly => err!(PerpError::MarketReduceOnly),
        MarketStatus::Halted => err!(PerpError::MarketHalted),
    }
}

fn charge_delegate(
    delegate: &mut Delegate,
    request: &OpenRequest,
    opened: &Opened,
    price: u64,
    now: i64,
) -> MathResult<()> {
    let direction = opening_trade(request.side);
    check_delegate_slippage(
        delegate,
        direction,
        request.size,
        price,
        opened.fill_price,
        opened.impact,
    )?;
    charge_turnover(delegate, request.size, opened.fill_price, now)
}
