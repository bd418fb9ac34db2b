use crate::errors::PerpError;
use crate::state::{Exchange, Market, Position, UserAccount};
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

pub fn handler(_ctx: Context<RemoveMargin>, _args: RemoveMarginArgs) -> Result<()> {
    Ok(())
}
