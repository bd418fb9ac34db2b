//! Development tasks of the program.
//!
//! - `xtask idl`: builds the IDL into `programs/quantdesk-perp-dex/artifacts/`.

mod idl;

use anyhow::{bail, Result};

fn main() -> Result<()> {
    match std::env::args().nth(1).as_deref() {
        Some("idl") => idl::write(),
        _ => bail!("usage: xtask idl"),
    }
}
