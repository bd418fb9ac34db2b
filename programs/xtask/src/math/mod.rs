//! The program's mathematics behind a line of JSON: golden vectors and bulk comparison with TypeScript.

mod formulas;
mod pool;
mod records;
mod transitions;

use anyhow::{Context, Result};
use quantdesk_perp_dex::errors::PerpError;
use serde_json::{json, Value};
use std::io::{BufRead, Write};

/// A case that could not be answered by a result.
#[derive(Debug)]
pub enum Refused {
    /// The mathematics refused.
    Error(PerpError),
    /// There is no such function here.
    UnknownFunction,
    /// The case itself is broken.
    Malformed(String),
}

impl From<PerpError> for Refused {
    fn from(error: PerpError) -> Self {
        Self::Error(error)
    }
}

pub type Answer = std::result::Result<Value, Refused>;

/// Answers every line of `input` on `output`, in order.
///
/// # Errors
/// When a line is not a case, or a stream fails.
pub fn answer_lines(input: impl BufRead, mut output: impl Write) -> Result<()> {
    for line in input.lines() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let case: Value =
            serde_json::from_str(&line).with_context(|| format!("not JSON: {line}"))?;
        writeln!(
            output,
            "{}",
            answer(&case).with_context(|| format!("not a case: {line}"))?
        )?;
    }
    Ok(())
}

/// The answer to a case: `{"output": …}` or `{"error": "Name"}`.
///
/// # Errors
/// When the case is malformed.
pub fn answer(case: &Value) -> Result<Value> {
    let name = case.get("fn").and_then(Value::as_str).context("no fn")?;
    let input = case.get("input").context("no input")?;
    let answered = [formulas::run, pool::run, transitions::run]
        .iter()
        .map(|run| run(name, input))
        .find(|answered| !matches!(answered, Err(Refused::UnknownFunction)))
        .unwrap_or(Err(Refused::UnknownFunction));
    match answered {
        Ok(output) => Ok(json!({ "output": output })),
        Err(Refused::Error(error)) => Ok(json!({ "error": error.name() })),
        Err(Refused::UnknownFunction) => Ok(json!({ "error": "UnknownFunction" })),
        Err(Refused::Malformed(reason)) => Err(anyhow::anyhow!(reason)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Only TypeScript has these: values of the index and the screen.
    const TYPESCRIPT_ONLY: [&str; 4] = [
        "liquidation_price",
        "liquidation_key",
        "liquidation_threshold",
        "cap_price",
    ];

    /// Members of `expected` that `actual` lacks or has otherwise.
    fn differences(expected: &Value, actual: &Value, path: &str) -> Vec<String> {
        match expected {
            Value::Object(members) => members
                .iter()
                .flat_map(|(name, value)| {
                    differences(
                        value,
                        actual.get(name).unwrap_or(&Value::Null),
                        &format!("{path}.{name}"),
                    )
                })
                .collect(),
            _ if expected == actual => Vec::new(),
            _ => vec![format!("{path}: expected {expected}, got {actual}")],
        }
    }

    #[test]
    fn gives_every_golden_vector() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/parity/vectors");
        let mut checked = 0;
        let mut failed: Vec<String> = Vec::new();
        for entry in std::fs::read_dir(folder).expect("the vectors are in the repository") {
            let path = entry.expect("readable").path();
            let file: Value =
                serde_json::from_str(&std::fs::read_to_string(&path).expect("readable"))
                    .expect("JSON");
            for case in file["cases"].as_array().expect("cases") {
                if TYPESCRIPT_ONLY.contains(&case["fn"].as_str().expect("fn")) {
                    continue;
                }
                let expected = match case.get("error") {
                    Some(error) => json!({ "error": error }),
                    None => json!({ "output": case["output"] }),
                };
                let apart = differences(&expected, &answer(case).expect("a case"), "");
                if !apart.is_empty() {
                    failed.push(format!(
                        "{}: {}\n{}",
                        case["fn"],
                        case["name"],
                        apart.join("\n")
                    ));
                }
                checked += 1;
            }
        }
        assert!(failed.is_empty(), "{}", failed.join("\n\n"));
        assert!(checked > 100, "only {checked} vectors");
    }
}
