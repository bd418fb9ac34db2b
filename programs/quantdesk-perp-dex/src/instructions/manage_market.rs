use crate::errors::PerpError;
use crate::events::{MarketStatusChanged, MarketTightened};
use crate::instructions::common::durable_nonce::refuse_durable_nonce;
use crate::instructions::config_bounds::{check_market, check_oracle};
use crate::state::{Exchange, Market, MarketConfig, MarketStatus, OracleConfig};
use anchor_lang::prelude::*;

/// Accounts of `set_market_status` and `tighten_market`.
#[event_cpi]
#[derive(Accounts)]
pub struct ManageMarket<'info> {
    /// The risk manager or the admin.
    pub authority: Signer<'info>,
    pub exchange: Box<Account<'info, Exchange>>,
    #[account(mut)]
    pub market: Box<Account<'info, Market>>,
    /// CHECK: the sysvar by its address; read to refuse durable nonces.
    #[account(address = solana_instructions_sysvar::ID)]
    pub instructions_sysvar: UncheckedAccount<'info>,
}

#[derive(AnchorSerialize, AnchorDeserialize, Clone, Debug)]
pub struct SetMarketStatusArgs {
    pub status: MarketStatus,
}

/// Limits on taking new risk. Nothing here can hinder closing, liquidation, or the acceptance of a price for them.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy, Debug, PartialEq, Eq)]
pub struct MarketLimits {
    /// Highest leverage, whole numbers.
    pub max_leverage: u16,
    /// Largest open interest of the long side, 1e-8 base units.
    pub max_long_oi: u64,
    /// Largest open interest of the short side, 1e-8 base units.
    pub max_short_oi: u64,
    /// Widest skew, bps of `skew_scale`.
    pub max_skew_bps: u16,
    /// Most of the backing that reserves may take, bps.
    pub max_utilisation_bps: u16,
    /// Widest distance of price and EMA, bps of the EMA, at which risk may still be added.
    pub max_ema_divergence_bps: u16,
}

/// The limits that stand in a market.
pub fn limits_of(config: &MarketConfig, oracle: &OracleConfig) -> MarketLimits {
    MarketLimits {
        max_leverage: config.max_leverage,
        max_long_oi: config.max_long_oi,
        max_short_oi: config.max_short_oi,
        max_skew_bps: config.max_skew_bps,
        max_utilisation_bps: config.max_utilisation_bps,
        max_ema_divergence_bps: oracle.max_ema_divergence_bps,
    }
}

impl MarketLimits {
    /// Whether no limit is above its counterpart and one is below.
    fn is_tighter_than(&self, present: &Self) -> bool {
        let within = self.max_leverage <= present.max_leverage
            && self.max_long_oi <= present.max_long_oi
            && self.max_short_oi <= present.max_short_oi
            && self.max_skew_bps <= present.max_skew_bps
            && self.max_utilisation_bps <= present.max_utilisation_bps
            && self.max_ema_divergence_bps <= present.max_ema_divergence_bps;
        within && self != present
    }
}

impl ManageMarket<'_> {
    fn require_may_tighten(&self) -> Result<()> {
        refuse_durable_nonce(&self.instructions_sysvar)?;
        let may = self.exchange.may_tighten(&self.authority.key());
        require!(may, PerpError::NotRiskManager);
        Ok(())
    }
}

/// Changes what may be done in a market, at once: the risk manager only to a stricter status, the admin to any.
pub fn set_status(ctx: Context<ManageMarket>, args: SetMarketStatusArgs) -> Result<()> {
    ctx.accounts.require_may_tighten()?;
    let authority = ctx.accounts.authority.key();
    let address = ctx.accounts.market.key();
    let is_admin = authority == ctx.accounts.exchange.admin;
    let market = &mut ctx.accounts.market;
    let before = market.status;
    let allowed = is_admin || args.status.is_stricter_than(before);
    require!(allowed, PerpError::NotTighter);
    market.status = args.status;
    let event = MarketStatusChanged {
        market_seq: market.next_event_seq()?,
        market: address,
        market_index: market.index,
        authority,
        before,
        after: market.status,
    };
    emit_cpi!(event);
    Ok(())
}

/// Lowers limits on new risk, at once. Risk manager or admin.
pub fn tighten(ctx: Context<ManageMarket>, args: MarketLimits) -> Result<()> {
    ctx.accounts.require_may_tighten()?;
    let authority = ctx.accounts.authority.key();
    let address = ctx.accounts.market.key();
    let market = &mut ctx.accounts.market;
    let before = limits_of(&market.config, &market.oracle);
    require!(args.is_tighter_than(&before), PerpError::NotTighter);
    market.config.max_leverage = args.max_leverage;
    market.config.max_long_oi = args.max_long_oi;
    market.config.max_short_oi = args.max_short_oi;
    market.config.max_skew_bps = args.max_skew_bps;
    market.config.max_utilisation_bps = args.max_utilisation_bps;
    market.oracle.max_ema_divergence_bps = args.max_ema_divergence_bps;
    check_market(&market.config)?;
    check_oracle(&market.oracle, &market.config)?;
    let event = MarketTightened {
        market_seq: market.next_event_seq()?,
        market: address,
        market_index: market.index,
        authority,
        before,
        after: args,
    };
    emit_cpi!(event);
    Ok(())
}
