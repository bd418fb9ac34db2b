use crate::constants::{self, seeds, ACCOUNT_VERSION};
use crate::errors::PerpError;
use crate::events::ExchangeInitialized;
use crate::instructions::config_bounds::{check_exchange, check_outflow, check_topup};
use crate::state::{Exchange, Insurance, Keeper, Outflow, Pool, Treasury};
use anchor_lang::prelude::*;
use anchor_lang::solana_program::bpf_loader_upgradeable;
use anchor_spl::token::{Mint, Token, TokenAccount};

#[event_cpi]
#[derive(Accounts)]
pub struct InitializeExchange<'info> {
    /// Pays the rent; the program's upgrade authority, so that nobody initialises a deployed program first.
    #[account(mut)]
    pub upgrade_authority: Signer<'info>,
    /// The program's data account, which names its upgrade authority.
    #[account(
        seeds = [crate::ID.as_ref()],
        seeds::program = bpf_loader_upgradeable::ID,
        bump,
        constraint = program_data.upgrade_authority_address == Some(upgrade_authority.key())
            @ PerpError::NotUpgradeAuthority
    )]
    pub program_data: Account<'info, ProgramData>,
    #[account(constraint = usdc_mint.decimals == constants::QUOTE_DECIMALS @ PerpError::WrongDecimals)]
    pub usdc_mint: Box<Account<'info, Mint>>,
    #[account(
        init,
        payer = upgrade_authority,
        space = Exchange::SPACE,
        seeds = [seeds::EXCHANGE],
        bump
    )]
    pub exchange: Box<Account<'info, Exchange>>,
    #[account(
        init,
        payer = upgrade_authority,
        token::mint = usdc_mint,
        token::authority = exchange,
        seeds = [seeds::VAULT],
        bump
    )]
    pub vault: Box<Account<'info, TokenAccount>>,
    #[account(
        init,
        payer = upgrade_authority,
        space = Pool::SPACE,
        seeds = [seeds::POOL],
        bump
    )]
    pub pool: Box<Account<'info, Pool>>,
    #[account(
        init,
        payer = upgrade_authority,
        space = Insurance::SPACE,
        seeds = [seeds::INSURANCE],
        bump
    )]
    pub insurance: Box<Account<'info, Insurance>>,
    #[account(
        init,
        payer = upgrade_authority,
        space = Treasury::SPACE,
        seeds = [seeds::TREASURY],
        bump
    )]
    pub treasury: Box<Account<'info, Treasury>>,
    #[account(
        init,
        payer = upgrade_authority,
        space = Outflow::SPACE,
        seeds = [seeds::OUTFLOW],
        bump
    )]
    pub outflow: Box<Account<'info, Outflow>>,
    pub token_program: Program<'info, Token>,
    pub system_program: Program<'info, System>,
}

#[derive(AnchorSerialize, AnchorDeserialize, Clone, Debug)]
pub struct InitializeExchangeArgs {
    /// May create markets and propose parameters.
    pub admin: Pubkey,
    /// May pause, tighten, remove keepers and cancel proposals.
    pub risk_manager: Pubkey,
    /// May withdraw what the treasury has earned.
    pub treasury_authority: Pubkey,
    /// First keepers, active at once; 1 to 8.
    pub keepers: Vec<Pubkey>,
    /// Seconds a change of parameters or roles waits.
    pub time_lock_seconds: u32,
    /// Seconds between a pool request and the first price that may execute it: 0 (local networks) or 60 to 86,400.
    pub pool_delay_seconds: u32,
    /// Fee of redeeming pool shares, bps.
    pub lp_fee_bps: u16,
    /// Most that insurance tops up keepers' rewards by in one hour, 1e-6 USDC.
    pub topup_cap_per_hour: u64,
    /// Most that may leave the vault in one window beyond what comes in, 1e-6 USDC; 0 means no limit.
    pub outflow_cap: u64,
    /// Length of that window, seconds.
    pub outflow_window_seconds: u32,
    /// What each account may withdraw in one window in any case, 1e-6 USDC.
    pub outflow_floor: u64,
}

impl InitializeExchangeArgs {
    fn validate(&self) -> Result<()> {
        check_exchange(
            self.time_lock_seconds,
            self.pool_delay_seconds,
            self.lp_fee_bps,
        )?;
        check_topup(self.topup_cap_per_hour)?;
        check_outflow(
            self.outflow_cap,
            self.outflow_window_seconds,
            self.outflow_floor,
        )?;
        let roles = [self.admin, self.risk_manager, self.treasury_authority];
        let named = !roles.contains(&Pubkey::default());
        require!(named, PerpError::InvalidRole);
        require!(
            self.keepers.len() <= constants::KEEPERS_MAX,
            PerpError::TooManyKeepers
        );
        require!(!self.keepers.is_empty(), PerpError::InvalidRole);
        let mut seen: Vec<&Pubkey> = Vec::with_capacity(self.keepers.len());
        for key in &self.keepers {
            require!(
                *key != Pubkey::default() && !seen.contains(&key),
                PerpError::InvalidRole
            );
            seen.push(key);
        }
        Ok(())
    }
}

pub fn handler(ctx: Context<InitializeExchange>, args: InitializeExchangeArgs) -> Result<()> {
    crate::security::keep();
    args.validate()?;
    let now = Clock::get()?.unix_timestamp;
    let accounts = &mut *ctx.accounts;
    let vault = accounts.vault.key();
    let usdc_mint = accounts.usdc_mint.key();
    let exchange = &mut accounts.exchange;
    exchange.version = ACCOUNT_VERSION;
    exchange.bump = ctx.bumps.exchange;
    exchange.vault_bump = ctx.bumps.vault;
    exchange.admin = args.admin;
    exchange.risk_manager = args.risk_manager;
    exchange.treasury_authority = args.treasury_authority;
    exchange.usdc_mint = usdc_mint;
    exchange.vault = vault;
    let keepers: Vec<Keeper> = args
        .keepers
        .iter()
        .map(|key| Keeper {
            key: *key,
            active_from: now,
        })
        .collect();
    for (slot, keeper) in exchange.keepers.iter_mut().zip(&keepers) {
        *slot = *keeper;
    }
    exchange.time_lock_seconds = args.time_lock_seconds;
    exchange.pool_delay_seconds = args.pool_delay_seconds;
    exchange.lp_fee_bps = args.lp_fee_bps;
    let exchange_seq = exchange.next_event_seq()?;
    accounts.pool.version = ACCOUNT_VERSION;
    accounts.pool.bump = ctx.bumps.pool;
    accounts.insurance.version = ACCOUNT_VERSION;
    accounts.insurance.bump = ctx.bumps.insurance;
    accounts.insurance.topup_cap_per_hour = args.topup_cap_per_hour;
    accounts.treasury.version = ACCOUNT_VERSION;
    accounts.treasury.bump = ctx.bumps.treasury;
    accounts.outflow.version = ACCOUNT_VERSION;
    accounts.outflow.bump = ctx.bumps.outflow;
    accounts.outflow.cap = args.outflow_cap;
    accounts.outflow.window_seconds = args.outflow_window_seconds;
    accounts.outflow.floor = args.outflow_floor;
    let event = ExchangeInitialized {
        exchange_seq,
        admin: args.admin,
        risk_manager: args.risk_manager,
        treasury_authority: args.treasury_authority,
        usdc_mint,
        vault,
        keepers,
        time_lock_seconds: args.time_lock_seconds,
        pool_delay_seconds: args.pool_delay_seconds,
        lp_fee_bps: args.lp_fee_bps,
        topup_cap_per_hour: args.topup_cap_per_hour,
        outflow_cap: args.outflow_cap,
        outflow_window_seconds: args.outflow_window_seconds,
        outflow_floor: args.outflow_floor,
    };
    emit_cpi!(event);
    Ok(())
}
