//! Records of the vector format: integers as decimal text, members with the program's names.

use super::Refused;
use anchor_lang::AnchorDeserialize;
use quantdesk_perp_dex::errors::PerpError;
use quantdesk_perp_dex::math::ledger::InsuranceFunds;
use quantdesk_perp_dex::math::reduce::Round;
use quantdesk_perp_dex::math::side::TradeSide;
use quantdesk_perp_dex::state::{
    Market, MarketConfig, OraclePrice, PositionState, Side, SideTotals,
};
use serde_json::{json, Map, Value};
use std::str::FromStr;

pub type Read<T> = Result<T, Refused>;

fn malformed(name: &str) -> Refused {
    Refused::Malformed(format!("member {name} is missing or of another kind"))
}

/// A member that is a record.
pub fn child<'a>(record: &'a Value, name: &str) -> Read<&'a Value> {
    record
        .get(name)
        .filter(|value| value.is_object())
        .ok_or_else(|| malformed(name))
}

/// A member that is text.
pub fn text<'a>(record: &'a Value, name: &str) -> Read<&'a str> {
    record
        .get(name)
        .and_then(Value::as_str)
        .ok_or_else(|| malformed(name))
}

/// A member that is a flag.
pub fn flag(record: &Value, name: &str) -> Read<bool> {
    record
        .get(name)
        .and_then(Value::as_bool)
        .ok_or_else(|| malformed(name))
}

/// A member that is an integer; one that the program's type cannot hold is `MathOverflow`.
pub fn int<T: FromStr>(record: &Value, name: &str) -> Read<T> {
    let digits = text(record, name)?;
    digits.parse().map_err(|_| {
        match digits
            .trim_start_matches('-')
            .bytes()
            .all(|byte| byte.is_ascii_digit())
        {
            true => Refused::Error(PerpError::MathOverflow),
            false => malformed(name),
        }
    })
}

/// An integer as text.
pub fn write(value: impl ToString) -> Value {
    Value::String(value.to_string())
}

pub fn side(record: &Value, name: &str) -> Read<Side> {
    match text(record, name)? {
        "long" => Ok(Side::Long),
        "short" => Ok(Side::Short),
        _ => Err(malformed(name)),
    }
}

pub fn trade_side(record: &Value, name: &str) -> Read<TradeSide> {
    match text(record, name)? {
        "buy" => Ok(TradeSide::Buy),
        "sell" => Ok(TradeSide::Sell),
        _ => Err(malformed(name)),
    }
}

pub fn round(record: &Value, name: &str) -> Read<Round> {
    match text(record, name)? {
        "up" => Ok(Round::Up),
        "down" => Ok(Round::Down),
        _ => Err(malformed(name)),
    }
}

pub fn oracle(record: &Value) -> Read<OraclePrice> {
    Ok(OraclePrice {
        price: int(record, "price")?,
        conf: int(record, "conf")?,
        ema: int(record, "ema")?,
        publish_time: int(record, "publish_time")?,
        ..OraclePrice::default()
    })
}

pub fn config(record: &Value) -> Read<MarketConfig> {
    Ok(MarketConfig {
        max_leverage: int(record, "max_leverage")?,
        maintenance_margin_bps: int(record, "maintenance_margin_bps")?,
        liquidation_fee_bps: int(record, "liquidation_fee_bps")?,
        keeper_share_bps: int(record, "keeper_share_bps")?,
        liquidation_target_bps: int(record, "liquidation_target_bps")?,
        min_liquidation_bps: int(record, "min_liquidation_bps")?,
        keeper_reward_min: int(record, "keeper_reward_min")?,
        fee_bps: int(record, "fee_bps")?,
        pool_fee_share_bps: int(record, "pool_fee_share_bps")?,
        insurance_fee_share_bps: int(record, "insurance_fee_share_bps")?,
        k_bps: int(record, "k_bps")?,
        payoff_cap_bps: int(record, "payoff_cap_bps")?,
        weight_bps: int(record, "weight_bps")?,
        max_utilisation_bps: int(record, "max_utilisation_bps")?,
        max_long_oi: int(record, "max_long_oi")?,
        max_short_oi: int(record, "max_short_oi")?,
        min_position_notional: int(record, "min_position_notional")?,
        skew_scale: int(record, "skew_scale")?,
        max_skew_bps: int(record, "max_skew_bps")?,
        funding_skew_scale: int(record, "funding_skew_scale")?,
        max_funding_rate: int(record, "max_funding_rate")?,
        borrow_base: int(record, "borrow_base")?,
        borrow_slope: int(record, "borrow_slope")?,
        max_accrual_seconds: int(record, "max_accrual_seconds")?,
        min_settle_quote: int(record, "min_settle_quote")?,
    })
}

fn totals(record: &Value) -> Read<SideTotals> {
    Ok(SideTotals {
        size: int(record, "size")?,
        entry_value: int(record, "entry_value")?,
        margin: int(record, "margin")?,
        reserve: int(record, "reserve")?,
        funding_sum: int(record, "funding_sum")?,
        borrow_sum: int(record, "borrow_sum")?,
    })
}

pub fn market(record: &Value) -> Read<Market> {
    let zeros = [0u8; Market::SPACE];
    let mut market = Market::deserialize(&mut &zeros[..])
        .map_err(|error| Refused::Malformed(format!("empty market: {error}")))?;
    market.config = config(child(record, "config")?)?;
    market.long = totals(child(record, "long")?)?;
    market.short = totals(child(record, "short")?)?;
    market.funding_index = int(record, "funding_index")?;
    market.borrow_index = int(record, "borrow_index")?;
    market.accrued_at = int(record, "accrued_at")?;
    market.backing = int(record, "backing")?;
    market.insurance_accrued = int(record, "insurance_accrued")?;
    market.treasury_accrued = int(record, "treasury_accrued")?;
    market.insurance_debt = int(record, "insurance_debt")?;
    market.payouts_owed = int(record, "payouts_owed")?;
    market.bad_debt = int(record, "bad_debt")?;
    market.bad_debt_uncovered = int(record, "bad_debt_uncovered")?;
    market.fees_collected = int(record, "fees_collected")?;
    Ok(market)
}

pub fn position(record: &Value) -> Read<PositionState> {
    let sums = totals(record)?;
    Ok(PositionState {
        side: side(record, "side")?,
        size: sums.size,
        entry_value: sums.entry_value,
        margin: sums.margin,
        reserve: sums.reserve,
        funding_sum: sums.funding_sum,
        borrow_sum: sums.borrow_sum,
    })
}

pub fn insurance(record: &Value) -> Read<Option<InsuranceFunds>> {
    let Some(given) = record.get("insurance") else {
        return Ok(None);
    };
    Ok(Some(InsuranceFunds {
        balance: int(given, "balance")?,
        topup_left: int(given, "topup_left")?,
        ..InsuranceFunds::default()
    }))
}

fn write_config(config: &MarketConfig) -> Value {
    json!({
        "max_leverage": write(config.max_leverage),
        "maintenance_margin_bps": write(config.maintenance_margin_bps),
        "liquidation_fee_bps": write(config.liquidation_fee_bps),
        "keeper_share_bps": write(config.keeper_share_bps),
        "liquidation_target_bps": write(config.liquidation_target_bps),
        "min_liquidation_bps": write(config.min_liquidation_bps),
        "keeper_reward_min": write(config.keeper_reward_min),
        "fee_bps": write(config.fee_bps),
        "pool_fee_share_bps": write(config.pool_fee_share_bps),
        "insurance_fee_share_bps": write(config.insurance_fee_share_bps),
        "k_bps": write(config.k_bps),
        "payoff_cap_bps": write(config.payoff_cap_bps),
        "weight_bps": write(config.weight_bps),
        "max_utilisation_bps": write(config.max_utilisation_bps),
        "max_long_oi": write(config.max_long_oi),
        "max_short_oi": write(config.max_short_oi),
        "min_position_notional": write(config.min_position_notional),
        "skew_scale": write(config.skew_scale),
        "max_skew_bps": write(config.max_skew_bps),
        "funding_skew_scale": write(config.funding_skew_scale),
        "max_funding_rate": write(config.max_funding_rate),
        "borrow_base": write(config.borrow_base),
        "borrow_slope": write(config.borrow_slope),
        "max_accrual_seconds": write(config.max_accrual_seconds),
        "min_settle_quote": write(config.min_settle_quote),
    })
}

fn write_totals(totals: &SideTotals) -> Value {
    json!({
        "size": write(totals.size),
        "entry_value": write(totals.entry_value),
        "margin": write(totals.margin),
        "reserve": write(totals.reserve),
        "funding_sum": write(totals.funding_sum),
        "borrow_sum": write(totals.borrow_sum),
    })
}

pub fn write_market(market: &Market) -> Value {
    json!({
        "config": write_config(&market.config),
        "long": write_totals(&market.long),
        "short": write_totals(&market.short),
        "funding_index": write(market.funding_index),
        "borrow_index": write(market.borrow_index),
        "accrued_at": write(market.accrued_at),
        "backing": write(market.backing),
        "insurance_accrued": write(market.insurance_accrued),
        "treasury_accrued": write(market.treasury_accrued),
        "insurance_debt": write(market.insurance_debt),
        "payouts_owed": write(market.payouts_owed),
        "bad_debt": write(market.bad_debt),
        "bad_debt_uncovered": write(market.bad_debt_uncovered),
        "fees_collected": write(market.fees_collected),
    })
}

pub fn write_position(position: &PositionState) -> Value {
    json!({
        "side": match position.side { Side::Long => "long", Side::Short => "short" },
        "size": write(position.size),
        "entry_value": write(position.entry_value),
        "margin": write(position.margin),
        "reserve": write(position.reserve),
        "funding_sum": write(position.funding_sum),
        "borrow_sum": write(position.borrow_sum),
    })
}

/// Adds `insurance` where it was given.
pub fn put_insurance(output: &mut Map<String, Value>, insurance: &Option<InsuranceFunds>) {
    if let Some(funds) = insurance {
        let record =
            json!({ "balance": write(funds.balance), "topup_left": write(funds.topup_left) });
        output.insert("insurance".into(), record);
    }
}
