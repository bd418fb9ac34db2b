//! Development tasks of the program.
//!
//! - `xtask idl` builds the IDL into `programs/quantdesk-perp-dex/artifacts/`.
//! - `xtask math` answers cases of the mathematics, one JSON record per line, as `tests/parity/README.md` describes.

mod idl;
mod math;

use anyhow::{bail, Result};

fn main() -> Result<()> {
    match std::env::args().nth(1).as_deref() {
        Some("idl") => idl::write(),
        Some("math") => math::answer_lines(std::io::stdin().lock(), std::io::stdout().lock()),
        _ => bail!("usage: xtask idl | math"),
    }
}
