use crate::constants::seeds;
use crate::state::Exchange;
use anchor_lang::prelude::*;
use anchor_spl::token::{self, Token, TokenAccount, Transfer};

/// The program that derives a wallet's usual token account.
const ASSOCIATED_TOKEN_PROGRAM: Pubkey = pubkey!("ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL");

/// A wallet's usual token account of `mint`.
pub fn associated_token_address(wallet: &Pubkey, mint: &Pubkey) -> Pubkey {
    let seeds = [wallet.as_ref(), token::ID.as_ref(), mint.as_ref()];
    Pubkey::find_program_address(&seeds, &ASSOCIATED_TOKEN_PROGRAM).0
}

/// Pays `amount` (1e-6 USDC) out of the vault, signed by the exchange.
pub fn pay_from_vault<'info>(
    exchange: &Account<'info, Exchange>,
    vault: &Account<'info, TokenAccount>,
    destination: &Account<'info, TokenAccount>,
    token_program: &Program<'info, Token>,
    amount: u64,
) -> Result<()> {
    pay_to(exchange, vault, destination.as_ref(), token_program, amount)
}

/// `pay_from_vault` to an account that the caller has examined itself.
pub fn pay_to<'info>(
    exchange: &Account<'info, Exchange>,
    vault: &Account<'info, TokenAccount>,
    destination: &AccountInfo<'info>,
    token_program: &Program<'info, Token>,
    amount: u64,
) -> Result<()> {
    let signer: &[&[&[u8]]] = &[&[seeds::EXCHANGE, &[exchange.bump]]];
    token::transfer(
        CpiContext::new_with_signer(
            token_program.key(),
            Transfer {
                from: vault.to_account_info(),
                to: destination.clone(),
                authority: exchange.to_account_info(),
            },
            signer,
        ),
        amount,
    )
}
