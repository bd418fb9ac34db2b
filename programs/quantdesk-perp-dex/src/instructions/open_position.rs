use crate::errors::PerpError;
use crate::events::PositionIncreased;
use crate::instructions::common::authority::{authorise_trade, check_seq};
use crate::instructions::common::trade::{
    accept_trade_price, check_may_open, increase_position, Books, Part, Terms,
};
use crate::math::position_open::OpenRequest;
use crate::state::{Exchange, Market, Position, UserAccount};
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
    let delegated = authorise_trade(
        &accounts.exchange,
        &accounts.user_account,
        &keeper,
        accounts.owner_signer.as_ref(),
        now,
    )?;
    check_seq(args.expected_seq, accounts.position.seq)?;
    check_may_open(&accounts.exchange, &accounts.market, delegated)?;
    let oracle = accept_trade_price(
        &mut accounts.market,
        &accounts.price_update,
        args.min_publish_time,
        true,
        now,
    )?;
    let request = OpenRequest {
        side: args.side,
        size: args.size,
        leverage_e2: args.leverage_e2,
        worst_price: args.worst_price,
    };
    let terms = Terms {
        order_id: args.order_id,
        keeper,
        delegated,
        min_publish_time: args.min_publish_time,
        worst_price: args.worst_price,
    };
    let mut books = Books {
        market_address: accounts.market.key(),
        market: &mut accounts.market,
        account: &mut accounts.user_account,
        position: &mut accounts.position,
    };
    increase_position(&mut books, &terms, &oracle, &request, Part::Whole, now)
}
