use crate::constants::seeds;
use crate::state::Exchange;
use anchor_lang::prelude::*;
use anchor_spl::token::{self, Token, TokenAccount, Transfer};

/// Pays `amount` (1e-6 USDC) out of the vault, signed by the exchange.
pub fn pay_from_vault<'info>(
    exchange: &Account<'info, Exchange>,
    vault: &Account<'info, TokenAccount>,
    destination: &Account<'info, TokenAccount>,
    token_program: &Program<'info, Token>,
    amount: u64,
) -> Result<()> {
    let signer: &[&[&[u8]]] = &[&[seeds::EXCHANGE, &[exchange.bump]]];
    token::transfer(
        CpiContext::new_with_signer(
            token_program.key(),
            Transfer {
                from: vault.to_account_info(),
                to: destination.to_account_info(),
                authority: exchange.to_account_info(),
            },
            signer,
        ),
        amount,
    )
}
