use crate::constants::{self, seeds};
use crate::errors::PerpError;
use crate::state::{Exchange, Insurance, Pool, Treasury};
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
        space = Exchange::DISCRIMINATOR.len() + Exchange::INIT_SPACE,
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
        space = Pool::DISCRIMINATOR.len() + Pool::INIT_SPACE,
        seeds = [seeds::POOL],
        bump
    )]
    pub pool: Box<Account<'info, Pool>>,
    #[account(
        init,
        payer = upgrade_authority,
        space = Insurance::DISCRIMINATOR.len() + Insurance::INIT_SPACE,
        seeds = [seeds::INSURANCE],
        bump
    )]
    pub insurance: Box<Account<'info, Insurance>>,
    #[account(
        init,
        payer = upgrade_authority,
        space = Treasury::DISCRIMINATOR.len() + Treasury::INIT_SPACE,
        seeds = [seeds::TREASURY],
        bump
    )]
    pub treasury: Box<Account<'info, Treasury>>,
    pub token_program: Program<'info, Token>,
    pub system_program: Program<'info, System>,
}

#[derive(AnchorSerialize, AnchorDeserialize, Clone, Debug)]
pub struct InitializeExchangeArgs {
    /// May create markets and propose parameters.
    pub admin: Pubkey,
    /// May pause.
    pub guardian: Pubkey,
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
}

pub fn handler(_ctx: Context<InitializeExchange>, _args: InitializeExchangeArgs) -> Result<()> {
    Ok(())
}
