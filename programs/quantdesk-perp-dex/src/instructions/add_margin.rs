use crate::errors::PerpError;
use crate::state::{Exchange, Market, Position, UserAccount};
use anchor_lang::prelude::*;

#[event_cpi]
#[derive(Accounts)]
pub struct AddMargin<'info> {
    /// A keeper acting under the account's delegation; absent where the owner signs.
    pub keeper: Option<Signer<'info>>,
    /// The trader.
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
}

#[derive(AnchorSerialize, AnchorDeserialize, Clone, Debug)]
pub struct AddMarginArgs {
    /// 1e-6 USDC.
    pub amount: u64,
    /// The order this attempt belongs to (16 uuid bytes; zero for none).
    pub order_id: [u8; 16],
    /// Position.seq this command was prepared for.
    pub expected_seq: u64,
}

pub fn handler(_ctx: Context<AddMargin>, _args: AddMarginArgs) -> Result<()> {
    Ok(())
}
