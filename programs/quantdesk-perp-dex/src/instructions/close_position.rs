use crate::errors::PerpError;
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

pub fn handler(_ctx: Context<ClosePosition>, _args: ClosePositionArgs) -> Result<()> {
    Ok(())
}
