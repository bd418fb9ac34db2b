use crate::errors::PerpError;
use crate::events::{PositionIncreased, PositionReduced, ReduceReason};
use crate::instructions::common::authority::{authorise_trade, check_seq};
use crate::instructions::common::trade::{
    accept_trade_price, check_may_open, increase_position, reduce_position, Books, Part, Terms,
};
use crate::math::ints::{sub_u64, MathResult};
use crate::math::position_open::OpenRequest;
use crate::state::{Exchange, Insurance, Market, Position, PositionState, Side, UserAccount};
use anchor_lang::prelude::*;

#[event_cpi]
#[derive(Accounts)]
pub struct Trade<'info> {
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
pub struct TradeArgs {
    /// Long buys, Short sells.
    pub side: Side,
    /// Size to trade, 1e-8 base units.
    pub size: u64,
    /// Leverage of what is opened, hundredths; a part that only reduces does not read it.
    pub leverage_e2: u32,
    /// Worst price of each part, its impact included, 1e-8 USD.
    pub worst_price: u64,
    /// The order this attempt belongs to (16 uuid bytes; zero for none).
    pub order_id: [u8; 16],
    /// Position.seq this command was prepared for.
    pub expected_seq: u64,
    /// Smallest acceptable `publish_time`, unix seconds.
    pub min_publish_time: i64,
}

/// What a trade does to a position, 1e-8 base units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Plan {
    /// Opens or increases.
    Increase(u64),
    /// Reduces or closes.
    Reduce(u64),
    /// Closes all, then opens the other side.
    Flip { close: u64, open: u64 },
}

fn plan(position: &PositionState, side: Side, size: u64) -> MathResult<Plan> {
    if position.size == 0 || position.side == side {
        return Ok(Plan::Increase(size));
    }
    if size <= position.size {
        return Ok(Plan::Reduce(size));
    }
    Ok(Plan::Flip {
        close: position.size,
        open: sub_u64(size, position.size)?,
    })
}

/// The events of a trade, in their order; on the heap, for they would not fit the stack together.
#[derive(Default)]
struct Traded {
    reduced: Option<Box<PositionReduced>>,
    increased: Option<Box<PositionIncreased>>,
}

/// Buys or sells: what is against the position reduces it first, what is left opens the other side. One price, one command; a
/// flip is a close and an opening with everything that either needs, and is refused as a whole.
pub fn handler(ctx: Context<Trade>, args: TradeArgs) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let traded = execute(ctx.accounts, &args, now)?;
    if let Some(event) = traded.reduced {
        emit_cpi!(*event);
    }
    if let Some(event) = traded.increased {
        emit_cpi!(*event);
    }
    Ok(())
}

fn execute(accounts: &mut Trade, args: &TradeArgs, now: i64) -> Result<Traded> {
    let keeper = accounts.keeper.key();
    let delegated = authorise_trade(
        &accounts.exchange,
        &accounts.user_account,
        &keeper,
        accounts.owner_signer.as_ref(),
        now,
    )?;
    check_seq(args.expected_seq, accounts.position.seq)?;
    let plan = plan(&accounts.position.state, args.side, args.size)?;
    let opens = !matches!(plan, Plan::Reduce(_));
    if opens {
        check_may_open(&accounts.exchange, &accounts.market, delegated)?;
    }
    let oracle = accept_trade_price(
        &mut accounts.market,
        &accounts.price_update,
        args.min_publish_time,
        opens,
        now,
    )?;
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
    let (close, open, part) = match plan {
        Plan::Increase(open) => (None, Some(open), Part::Whole),
        Plan::Reduce(close) => (Some(close), None, Part::Whole),
        Plan::Flip { close, open } => (Some(close), Some(open), Part::Second),
    };
    let mut traded = Traded::default();
    if let Some(size) = close {
        let insurance = accounts.insurance.as_mut();
        let reason = ReduceReason::Order;
        traded.reduced = Some(reduce_position(
            &mut books, insurance, &terms, &oracle, size, reason, now,
        )?);
    }
    if let Some(size) = open {
        let request = OpenRequest {
            side: args.side,
            size,
            leverage_e2: args.leverage_e2,
            worst_price: args.worst_price,
        };
        traded.increased = Some(increase_position(
            &mut books, &terms, &oracle, &request, part, now,
        )?);
    }
    Ok(traded)
}
