//! The pool, by name: what it is worth, what a share of it buys, and where its money lies.

use super::records::{child, int, market, oracle, text, write, Read};
use super::{Answer, Refused};
use quantdesk_perp_dex::math::pool::{
    first_mint_shares, loan_repayment, mint_shares, pool_assets, redeem, redeem_payout, settlement,
    spare_backing, PoolEquity, PoolOperation,
};
use serde_json::{json, Value};

/// Answers a function of the pool.
pub fn run(name: &str, i: &Value) -> Answer {
    match name {
        "pool_equity" | "first_mint_shares" | "mint_shares" | "redeem_payout" | "redeem" => {
            shares(name, i)
        }
        "pool_assets" | "settlement" | "loan_repayment" | "spare_backing" => money(name, i),
        _ => Err(Refused::UnknownFunction),
    }
}

fn operation(i: &Value) -> Read<PoolOperation> {
    match text(i, "operation")? {
        "mint" => Ok(PoolOperation::Mint),
        "redeem" => Ok(PoolOperation::Redeem),
        other => Err(Refused::Malformed(format!("no operation {other}"))),
    }
}

fn shares(name: &str, i: &Value) -> Answer {
    Ok(match name {
        "pool_equity" => {
            let mut equity = PoolEquity::new(operation(i)?, int(i, "free")?);
            equity.add(&market(child(i, "market")?)?, &oracle(child(i, "oracle")?)?)?;
            json!({ "pool_equity": write(equity.quote()?) })
        }
        "first_mint_shares" => {
            json!({ "shares": write(first_mint_shares(int(i, "deposit")?)?) })
        }
        "mint_shares" => {
            let shares = mint_shares(
                int(i, "deposit")?,
                int(i, "supply")?,
                int(i, "pool_equity")?,
            )?;
            json!({ "shares": write(shares) })
        }
        "redeem_payout" => {
            let (shares, supply, equity) =
                (int(i, "shares")?, int(i, "supply")?, int(i, "pool_equity")?);
            let (payout, _fee) = redeem_payout(shares, supply, equity, int(i, "lp_fee_bps")?)?;
            json!({ "payout": write(payout) })
        }
        "redeem" => {
            let done = redeem(
                int(i, "shares")?,
                int(i, "supply")?,
                int(i, "pool_equity")?,
                int(i, "lp_fee_bps")?,
                int(i, "available")?,
            )?;
            json!({
                "payout": write(done.payout),
                "fee": write(done.fee),
                "shares_burned": write(done.shares_burned),
            })
        }
        _ => return Err(Refused::UnknownFunction),
    })
}

fn money(name: &str, i: &Value) -> Answer {
    if name == "pool_assets" {
        let assets = pool_assets(int(i, "free")?, &[int(i, "backing")?])?;
        return Ok(json!({ "pool_assets": write(assets) }));
    }
    let state = market(child(i, "market")?)?;
    Ok(match name {
        "settlement" => {
            let moved = settlement(&state, int(i, "pool_assets")?, int(i, "free")?)?;
            json!({ "moved": write(moved) })
        }
        "loan_repayment" => json!({ "repaid": write(loan_repayment(&state)?) }),
        "spare_backing" => json!({ "spare": write(spare_backing(&state)?) }),
        _ => return Err(Refused::UnknownFunction),
    })
}
