use crate::errors::PerpError;
use crate::events::MarginChanged;
use crate::instructions::common::authority::{authorise_without_price, check_seq};
use crate::instructions::common::records::{market_after, stamp};
use crate::math::position_margin::add_margin;
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

/// Adds margin, in every state of the market and at any price.
pub fn handler(ctx: Context<AddMargin>, args: AddMarginArgs) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let event = execute(ctx.accounts, &args, now)?;
    emit_cpi!(*event);
    Ok(())
}

fn execute(accounts: &mut AddMargin, args: &AddMarginArgs, now: i64) -> Result<Box<MarginChanged>> {
    let delegated = authorise_without_price(
        &accounts.exchange,
        &accounts.user_account,
        accounts.keeper.as_ref(),
        accounts.owner_signer.as_ref(),
        now,
    )?;
    check_seq(args.expected_seq, accounts.position.seq)?;
    let before = accounts.position.state;
    add_margin(
        &mut accounts.market,
        &mut accounts.position.state,
        &mut accounts.user_account.collateral,
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
        keeper: accounts
            .keeper
            .as_ref()
            .map(|signer| signer.key())
            .unwrap_or_default(),
        delegated,
        min_publish_time: 0,
        added: true,
        amount: args.amount,
        oracle: None,
        before,
        after: accounts.position.state,
        opened_seq: accounts.position.opened_seq,
        collateral: accounts.user_account.collateral,
        market_after: market_after(&accounts.market)?,
    }))
}
