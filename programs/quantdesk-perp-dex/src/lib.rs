//! The QuantDesk perpetual-futures exchange: a table of contents. State lies in `state`, one instruction per file in
//! `instructions`, the mathematics in `math`, the acceptance of prices in `oracle`.
#![deny(
    unsafe_code,
    unused_must_use,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::float_arithmetic,
    clippy::as_conversions,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing
)]

pub mod constants;
pub mod errors;
pub mod events;
pub mod instructions;
pub mod math;
pub mod oracle;
pub mod security;
pub mod state;

use anchor_lang::prelude::*;
use instructions::*;

#[cfg(all(target_os = "solana", target_arch = "bpf"))]
use solana_compiler_builtins as _;

declare_id!("EVR99W1hMec9ydg1cyEhbjXYBuZsHFntq3Eh87bUiyPf");

#[program]
pub mod quantdesk_perp_dex {
    use super::*;

    /// Creates the exchange, its vault, pool, insurance and treasury. Upgrade authority only, once.
    pub fn initialize_exchange(
        ctx: Context<InitializeExchange>,
        args: InitializeExchangeArgs,
    ) -> Result<()> {
        initialize_exchange::handler(ctx, args)
    }

    /// Creates the next market. Admin only.
    pub fn create_market(ctx: Context<CreateMarket>, args: CreateMarketArgs) -> Result<()> {
        create_market::handler(ctx, args)
    }

    /// Opens a trader's account.
    pub fn open_user_account(ctx: Context<OpenUserAccount>) -> Result<()> {
        open_user_account::handler(ctx)
    }

    /// Creates a flat position, before the first trade of a market.
    pub fn create_position(ctx: Context<CreatePosition>) -> Result<()> {
        create_position::handler(ctx)
    }

    /// Lets keepers trade in the owner's name, within limits.
    pub fn set_delegate(ctx: Context<ManageDelegate>, args: SetDelegateArgs) -> Result<()> {
        manage_delegate::set(ctx, args)
    }

    /// Ends the delegation at once.
    pub fn revoke_delegate(ctx: Context<ManageDelegate>) -> Result<()> {
        manage_delegate::revoke(ctx)
    }

    /// Moves USDC from a wallet to free collateral.
    pub fn deposit_collateral(ctx: Context<DepositCollateral>, args: AmountArgs) -> Result<()> {
        deposit_collateral::handler(ctx, args)
    }

    /// Moves free collateral back to a token account the owner names.
    pub fn withdraw_collateral(ctx: Context<WithdrawCollateral>, args: AmountArgs) -> Result<()> {
        withdraw_collateral::handler(ctx, args)
    }

    /// Opens or increases a position.
    pub fn open_position(ctx: Context<OpenPosition>, args: OpenPositionArgs) -> Result<()> {
        open_position::handler(ctx, args)
    }

    /// Reduces or closes a position.
    pub fn close_position(ctx: Context<ClosePosition>, args: ClosePositionArgs) -> Result<()> {
        close_position::handler(ctx, args)
    }

    /// Moves free collateral into a position's margin.
    pub fn add_margin(ctx: Context<AddMargin>, args: AddMarginArgs) -> Result<()> {
        add_margin::handler(ctx, args)
    }

    /// Moves margin a position does not need back to free collateral.
    pub fn remove_margin(ctx: Context<RemoveMargin>, args: RemoveMarginArgs) -> Result<()> {
        remove_margin::handler(ctx, args)
    }

    /// Liquidates an unhealthy position. Anyone.
    pub fn liquidate_position(ctx: Context<LiquidatePosition>) -> Result<()> {
        liquidate_position::handler(ctx)
    }

    /// Accepts the current price and accrues. Anyone.
    pub fn refresh_market(ctx: Context<RefreshMarket>) -> Result<()> {
        refresh_market::handler(ctx)
    }

    /// Refreshes, then moves money between market, pool, insurance and treasury. Anyone.
    pub fn settle_market(ctx: Context<SettleMarket>) -> Result<()> {
        settle_market::handler(ctx)
    }

    /// Raises the pool's free assets without shares.
    pub fn donate(ctx: Context<Donate>, args: AmountArgs) -> Result<()> {
        donate::handler(ctx, args)
    }

    /// Locks a deposit that waits for pool shares.
    pub fn request_mint(ctx: Context<RequestMint>, args: AmountArgs) -> Result<()> {
        request_mint::handler(ctx, args)
    }

    /// Locks pool shares that wait for a payout.
    pub fn request_redeem(ctx: Context<RequestRedeem>, args: RequestRedeemArgs) -> Result<()> {
        request_redeem::handler(ctx, args)
    }

    /// Executes a pool request inside its window, or releases a lapsed one. Anyone. All markets follow as remaining accounts,
    /// writable, in the order of their index.
    pub fn execute_pool_request<'info>(
        ctx: Context<'info, ExecutePoolRequest<'info>>,
    ) -> Result<()> {
        execute_pool_request::handler(ctx)
    }

    /// Buys or sells: increases, reduces, or closes and opens the other side.
    pub fn trade(ctx: Context<Trade>, args: TradeArgs) -> Result<()> {
        trade::handler(ctx, args)
    }

    /// Lets anyone close the position within seconds, whatever the keepers do. Its trader only.
    pub fn request_close(ctx: Context<RequestClose>) -> Result<()> {
        request_close::handler(ctx)
    }

    /// Closes what its trader asked to close. Anyone.
    pub fn execute_close_request(ctx: Context<ExecuteCloseRequest>) -> Result<()> {
        execute_close_request::handler(ctx)
    }

    /// Closes a position that can win nothing more. Anyone.
    pub fn close_capped(ctx: Context<CloseCapped>) -> Result<()> {
        close_capped::handler(ctx)
    }

    /// Realises funding and borrow of an open position. Anyone.
    pub fn settle_position(ctx: Context<SettlePosition>) -> Result<()> {
        settle_position::handler(ctx)
    }

    /// Pays what a liquidation left owed. Anyone.
    pub fn pay_owed(ctx: Context<PayOwed>) -> Result<()> {
        pay_owed::handler(ctx)
    }

    /// Names an admin in waiting. Admin only.
    pub fn propose_admin(ctx: Context<ManageExchange>, args: ProposeAdminArgs) -> Result<()> {
        manage_exchange::propose_admin(ctx, args)
    }

    /// Takes the admin role after the time lock. The admin in waiting only.
    pub fn accept_admin(ctx: Context<ManageExchange>) -> Result<()> {
        manage_exchange::accept_admin(ctx)
    }

    /// Pauses operations at once. Risk manager or admin.
    pub fn pause_operations(ctx: Context<ManageExchange>, args: OperationsArgs) -> Result<()> {
        manage_exchange::pause_operations(ctx, args)
    }

    /// Ends pauses. Admin only.
    pub fn resume_operations(ctx: Context<ManageExchange>, args: OperationsArgs) -> Result<()> {
        manage_exchange::resume_operations(ctx, args)
    }

    /// Adds a keeper, who counts after the time lock. Admin only.
    pub fn add_keeper(ctx: Context<ManageExchange>, args: KeeperArgs) -> Result<()> {
        manage_exchange::add_keeper(ctx, args)
    }

    /// Removes a keeper at once. Risk manager or admin.
    pub fn remove_keeper(ctx: Context<ManageExchange>, args: KeeperArgs) -> Result<()> {
        manage_exchange::remove_keeper(ctx, args)
    }

    /// Changes what may be done in a market: the risk manager to a stricter status only, the admin to any.
    pub fn set_market_status(ctx: Context<ManageMarket>, args: SetMarketStatusArgs) -> Result<()> {
        manage_market::set_status(ctx, args)
    }

    /// Lowers limits on new risk at once. Risk manager or admin.
    pub fn tighten_market(ctx: Context<ManageMarket>, args: MarketLimits) -> Result<()> {
        manage_market::tighten(ctx, args)
    }

    /// Announces a change of parameters or roles. Admin only.
    pub fn propose_change(ctx: Context<ProposeChange>, args: ProposeChangeArgs) -> Result<()> {
        propose_change::handler(ctx, args)
    }

    /// Withdraws a proposed change. Admin; risk manager unless it is of roles.
    pub fn cancel_change(ctx: Context<CancelChange>) -> Result<()> {
        cancel_change::handler(ctx)
    }

    /// Puts a proposed change in force after its time lock. Anyone.
    pub fn execute_change(ctx: Context<ExecuteChange>) -> Result<()> {
        execute_change::handler(ctx)
    }

    /// Queues free collateral that has no room to leave yet.
    pub fn queue_withdrawal(ctx: Context<QueueWithdrawal>, args: AmountArgs) -> Result<()> {
        queue_withdrawal::handler(ctx, args)
    }

    /// Makes what is queued free collateral again.
    pub fn cancel_withdrawal(ctx: Context<CancelWithdrawal>) -> Result<()> {
        cancel_withdrawal::handler(ctx)
    }

    /// Serves the first of the queue. Anyone.
    pub fn execute_withdrawal(ctx: Context<ExecuteWithdrawal>) -> Result<()> {
        execute_withdrawal::handler(ctx)
    }

    /// Pays out what the treasury has earned. Treasury authority only.
    pub fn withdraw_treasury(ctx: Context<WithdrawTreasury>, args: AmountArgs) -> Result<()> {
        withdraw_treasury::handler(ctx, args)
    }

    /// Raises what covers bad debt. Anyone.
    pub fn fund_insurance(ctx: Context<FundInsurance>, args: AmountArgs) -> Result<()> {
        fund_insurance::handler(ctx, args)
    }

    /// Brings an account to the present layout. Anyone.
    pub fn migrate_account(ctx: Context<MigrateAccount>) -> Result<()> {
        migrate_account::handler(ctx)
    }
}
