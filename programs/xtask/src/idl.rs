use anchor_lang_idl::build::IdlBuilder;
use anyhow::{Context, Result};

const PROGRAM_DIR: &str = "programs/quantdesk-perp-dex";
const IDL_FILE: &str = "programs/quantdesk-perp-dex/artifacts/quantdesk_perp_dex.json";

/// Builds the IDL from the program's source and writes it where the clients read it.
///
/// # Errors
/// When the program does not compile with its `idl-build` feature, or the file cannot be written.
pub fn write() -> Result<()> {
    // Under the rustup proxy this variable is set, and the builder would then update the machine's toolchain.
    std::env::remove_var("RUSTUP_TOOLCHAIN");
    let idl = IdlBuilder::new().program_path(PROGRAM_DIR.into()).build()?;
    let text = serde_json::to_string_pretty(&idl)?;
    std::fs::write(IDL_FILE, text + "\n").with_context(|| format!("cannot write {IDL_FILE}"))?;
    println!(
        "{IDL_FILE}: {} instructions, {} events",
        idl.instructions.len(),
        idl.events.len()
    );
    Ok(())
}
