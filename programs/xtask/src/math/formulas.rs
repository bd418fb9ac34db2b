//! The formulas, by name.

use super::records::{child, config, flag, int, position, round, side, trade_side, write, Read};
use super::{Answer, Refused};
use quantdesk_perp_dex::math::borrow::{borrow_index_delta, borrow_rate};
use quantdesk_perp_dex::math::equity::{
    equity, equity_q, equity_q_capped, initial_margin, is_liquidatable, liquidation_fee,
    opening_margin, Indexes,
};
use quantdesk_perp_dex::math::fee::{split_fee, trading_fee};
use quantdesk_perp_dex::math::fill::{check_worst_price, fill_price, spread};
use quantdesk_perp_dex::math::funding::{funding_index_delta, funding_rate};
use quantdesk_perp_dex::math::impact::{check_skew, impact, ImpactInput};
use quantdesk_perp_dex::math::liquidation::liquidation_amount;
use quantdesk_perp_dex::math::notional::notional;
use quantdesk_perp_dex::math::pnl::{is_capped, position_value, unrealized_pnl};
use quantdesk_perp_dex::math::reduce::share;
use quantdesk_perp_dex::math::reserve::{check_reserve, position_reserve};
use serde_json::{json, Value};

/// Answers a formula.
pub fn run(name: &str, i: &Value) -> Answer {
    match name {
        "notional" | "spread" | "fill_price" | "check_worst_price" | "impact" | "check_skew"
        | "trading_fee" | "split_fee" => trade(name, i),
        "position_value" | "unrealized_pnl" | "is_capped" | "position_reserve"
        | "check_reserve" => value(name, i),
        "funding_rate" | "funding_index_delta" | "borrow_rate" | "borrow_index_delta" => {
            rate(name, i)
        }
        "equity_q" | "equity_q_capped" | "equity" | "is_liquidatable" | "liquidation_amount" => {
            health(name, i)
        }
        "initial_margin" | "opening_margin" | "liquidation_fee" | "share" => margin(name, i),
        _ => Err(Refused::UnknownFunction),
    }
}

fn trade(name: &str, i: &Value) -> Answer {
    Ok(match name {
        "notional" => json!({ "notional": write(notional(int(i, "size")?, int(i, "price")?)?) }),
        "spread" => json!({ "spread": write(spread(int(i, "conf")?, int(i, "k_bps")?)?) }),
        "fill_price" => {
            let fill = fill_price(
                trade_side(i, "side")?,
                int(i, "price")?,
                int(i, "conf")?,
                int(i, "k_bps")?,
            )?;
            json!({ "fill_price": write(fill) })
        }
        "check_worst_price" => {
            let (size, fill) = (int(i, "size")?, int(i, "fill_price")?);
            check_worst_price(
                trade_side(i, "side")?,
                size,
                fill,
                int(i, "impact")?,
                int(i, "worst_price")?,
            )?;
            json!({})
        }
        "impact" => json!({ "impact": write(impact(&ImpactInput {
            price: int(i, "price")?,
            skew: int(i, "skew")?,
            delta: int(i, "delta")?,
            skew_scale: int(i, "skew_scale")?,
            max_skew_bps: int(i, "max_skew_bps")?,
            reducing: flag(i, "reducing")?,
        })?) }),
        "check_skew" => {
            check_skew(
                int(i, "skew")?,
                int(i, "delta")?,
                int(i, "skew_scale")?,
                int(i, "max_skew_bps")?,
            )?;
            json!({})
        }
        "trading_fee" => {
            json!({ "fee": write(trading_fee(int(i, "size")?, int(i, "fill_price")?, int(i, "fee_bps")?)?) })
        }
        "split_fee" => {
            let split = split_fee(
                int(i, "fee")?,
                int(i, "pool_fee_share_bps")?,
                int(i, "insurance_fee_share_bps")?,
            )?;
            json!({
                "pool": write(split.pool),
                "insurance": write(split.insurance),
                "treasury": write(split.treasury),
            })
        }
        _ => return Err(Refused::UnknownFunction),
    })
}

fn value(name: &str, i: &Value) -> Answer {
    Ok(match name {
        "position_value" => {
            let exact = position_value(
                side(i, "side")?,
                int(i, "size")?,
                int(i, "entry_value")?,
                int(i, "price")?,
            )?;
            json!({ "value": write(exact) })
        }
        "unrealized_pnl" => {
            let (size, entry) = (int(i, "size")?, int(i, "entry_value")?);
            let pnl = unrealized_pnl(
                side(i, "side")?,
                size,
                entry,
                int(i, "reserve")?,
                int(i, "price")?,
            )?;
            json!({ "unrealized_pnl": write(pnl) })
        }
        "is_capped" => {
            let (size, entry) = (int(i, "size")?, int(i, "entry_value")?);
            let capped = is_capped(
                side(i, "side")?,
                size,
                entry,
                int(i, "reserve")?,
                int(i, "price")?,
            )?;
            json!({ "is_capped": capped })
        }
        "position_reserve" => {
            json!({ "reserve": write(position_reserve(int(i, "entry_value")?, int(i, "payoff_cap_bps")?)?) })
        }
        "check_reserve" => {
            check_reserve(
                int(i, "reserved")?,
                int(i, "backing")?,
                int(i, "max_utilisation_bps")?,
            )?;
            json!({})
        }
        _ => return Err(Refused::UnknownFunction),
    })
}

fn rate(name: &str, i: &Value) -> Answer {
    Ok(match name {
        "funding_rate" => {
            let rate = funding_rate(
                int(i, "skew")?,
                int(i, "funding_skew_scale")?,
                int(i, "max_funding_rate")?,
            )?;
            json!({ "rate": write(rate) })
        }
        "funding_index_delta" => {
            json!({ "delta": write(funding_index_delta(int(i, "rate")?, int(i, "price")?, int(i, "dt")?)?) })
        }
        "borrow_rate" => {
            let (base, slope) = (int(i, "borrow_base")?, int(i, "borrow_slope")?);
            json!({ "rate": write(borrow_rate(base, slope, int(i, "reserved")?, int(i, "backing")?)?) })
        }
        "borrow_index_delta" => {
            json!({ "delta": write(borrow_index_delta(int(i, "rate")?, int(i, "price")?, int(i, "dt")?)?) })
        }
        _ => return Err(Refused::UnknownFunction),
    })
}

fn indexes(i: &Value) -> Read<Indexes> {
    Ok(Indexes {
        funding: int(i, "funding_index")?,
        borrow: int(i, "borrow_index")?,
    })
}

fn health(name: &str, i: &Value) -> Answer {
    let state = position(child(i, "position")?)?;
    let now = indexes(i)?;
    let price = int(i, "price")?;
    Ok(match name {
        "equity_q" => json!({ "q": write(equity_q(&state, now, price)?) }),
        "equity_q_capped" => json!({ "q_capped": write(equity_q_capped(&state, now, price)?) }),
        "equity" => json!({ "equity": write(equity(&state, now, price)?) }),
        "is_liquidatable" => {
            let below = is_liquidatable(&state, now, price, int(i, "maintenance_margin_bps")?)?;
            json!({ "is_liquidatable": below })
        }
        "liquidation_amount" => {
            let parameters = config(child(i, "config")?)?;
            json!({ "size": write(liquidation_amount(&state, now, price, &parameters)?) })
        }
        _ => return Err(Refused::UnknownFunction),
    })
}

fn margin(name: &str, i: &Value) -> Answer {
    Ok(match name {
        "initial_margin" => {
            let exact = initial_margin(int(i, "size")?, int(i, "price")?, int(i, "max_leverage")?)?;
            json!({ "initial_margin": write(exact) })
        }
        "opening_margin" => {
            let (size, price, fill) = (int(i, "size")?, int(i, "price")?, int(i, "fill_price")?);
            let (reserve, leverage_e2) = (int(i, "reserve")?, int(i, "leverage_e2")?);
            json!({ "margin": write(opening_margin(side(i, "side")?, size, price, fill, reserve, leverage_e2)?) })
        }
        "liquidation_fee" => {
            let (size, price) = (int(i, "size")?, int(i, "price")?);
            let fee = liquidation_fee(
                size,
                price,
                int(i, "liquidation_fee_bps")?,
                int(i, "available")?,
            )?;
            json!({ "fee": write(fee) })
        }
        "share" => {
            let part = share(
                int(i, "total")?,
                int(i, "part")?,
                int(i, "size")?,
                round(i, "round")?,
            )?;
            json!({ "share": write(part) })
        }
        _ => return Err(Refused::UnknownFunction),
    })
}
