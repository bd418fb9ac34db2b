use crate::errors::PerpError;
use anchor_lang::prelude::*;
use anchor_lang::system_program;
use solana_instructions_sysvar::load_instruction_at_checked;

/// Number of `AdvanceNonceAccount` among the system program's instructions, as its data begins.
const ADVANCE_NONCE_ACCOUNT: [u8; 4] = [4, 0, 0, 0];

/// Refuses a transaction that a durable nonce keeps valid: what a role signed must not lie in a drawer and land when it suits
/// whoever holds it. Such a transaction begins with the advance of its nonce.
///
/// # Errors
/// `DurableNonce`.
pub fn refuse_durable_nonce(instructions_sysvar: &AccountInfo) -> Result<()> {
    let first = load_instruction_at_checked(0, instructions_sysvar)?;
    let advances =
        first.program_id == system_program::ID && first.data.starts_with(&ADVANCE_NONCE_ACCOUNT);
    require!(!advances, PerpError::DurableNonce);
    Ok(())
}
