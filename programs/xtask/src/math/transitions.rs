//! The life of a position, by name: whole states in, whole states out.

use super::records::{
    child, flag, insurance, int, market, oracle, position, put_insurance, side, write,
    write_market, write_position, Read,
};
use super::{Answer, Refused};
use quantdesk_perp_dex::math::accrual::accrue;
use quantdesk_perp_dex::math::ledger::InsuranceFunds;
use quantdesk_perp_dex::math::position_liquidate::liquidate;
use quantdesk_perp_dex::math::position_margin::{add_margin, remove_margin};
use quantdesk_perp_dex::math::position_open::{open, OpenRequest, Opened};
use quantdesk_perp_dex::math::position_payout::pay_owed;
use quantdesk_perp_dex::math::position_reduce::{close_capped, reduce, ReduceRequest, Reduced};
use quantdesk_perp_dex::math::position_settle::settle;
use quantdesk_perp_dex::state::{Market, PositionState};
use serde_json::{json, Map, Value};

/// What a transition works on.
struct States {
    market: Market,
    position: PositionState,
    collateral: u64,
    insurance: Option<InsuranceFunds>,
}

impl States {
    fn read(i: &Value) -> Read<Self> {
        Ok(Self {
            market: market(child(i, "market")?)?,
            position: position(child(i, "position")?)?,
            collateral: int(i, "collateral")?,
            insurance: insurance(i)?,
        })
    }

    /// The states, and what else the transition moved.
    fn write(&self, moved: Value) -> Value {
        let mut output = Map::new();
        output.insert("market".into(), write_market(&self.market));
        output.insert("position".into(), write_position(&self.position));
        output.insert("collateral".into(), write(self.collateral));
        put_insurance(&mut output, &self.insurance);
        if let Value::Object(members) = moved {
            output.extend(members);
        }
        Value::Object(output)
    }
}

/// Answers a transition.
pub fn run(name: &str, i: &Value) -> Answer {
    match name {
        "accrue" => {
            let mut state = market(child(i, "market")?)?;
            accrue(&mut state, int(i, "price")?, int(i, "now")?)?;
            Ok(json!({ "market": write_market(&state) }))
        }
        "open" => run_open(i),
        "reduce" | "close_capped" => run_reduce(name, i),
        "liquidate" => run_liquidate(i),
        "add_margin" => {
            let mut s = States::read(i)?;
            add_margin(
                &mut s.market,
                &mut s.position,
                &mut s.collateral,
                int(i, "amount")?,
            )?;
            Ok(s.write(json!({})))
        }
        "remove_margin" => {
            let mut s = States::read(i)?;
            let at = oracle(child(i, "oracle")?)?;
            remove_margin(
                &mut s.market,
                &mut s.position,
                &mut s.collateral,
                &at,
                int(i, "amount")?,
            )?;
            Ok(s.write(json!({})))
        }
        "settle" => {
            let mut state = market(child(i, "market")?)?;
            let mut held = position(child(i, "position")?)?;
            let settled = settle(&mut state, &mut held)?;
            Ok(json!({
                "market": write_market(&state),
                "position": write_position(&held),
                "funding": write(settled.funding),
                "borrow": write(settled.borrow),
            }))
        }
        "flip" => run_flip(i),
        "pay_owed" => run_pay_owed(i),
        _ => Err(Refused::UnknownFunction),
    }
}

fn open_request(i: &Value) -> Read<OpenRequest> {
    Ok(OpenRequest {
        side: side(i, "side")?,
        size: int(i, "size")?,
        leverage_e2: int(i, "leverage_e2")?,
        worst_price: int(i, "worst_price")?,
    })
}

fn run_open(i: &Value) -> Answer {
    let mut s = States::read(i)?;
    let request = open_request(i)?;
    let at = oracle(child(i, "oracle")?)?;
    let opened = open(
        &mut s.market,
        &mut s.position,
        &mut s.collateral,
        &at,
        &request,
    )?;
    Ok(s.write(write_opened(&opened)))
}

fn write_opened(opened: &Opened) -> Value {
    json!({
        "fill_price": write(opened.fill_price),
        "margin_added": write(opened.margin_added),
        "fee": write(opened.fee),
        "impact": write(opened.impact),
    })
}

/// As the instruction `trade` flips: all of the position off, then the opening, one worst price for each.
fn run_flip(i: &Value) -> Answer {
    let mut s = States::read(i)?;
    let at = oracle(child(i, "oracle")?)?;
    let request = open_request(i)?;
    let close = ReduceRequest {
        size: s.position.size,
        worst_price: Some(request.worst_price),
    };
    let closed = reduce(
        &mut s.market,
        &mut s.position,
        &mut s.collateral,
        &at,
        &close,
        &mut s.insurance,
    )?;
    let opened = open(
        &mut s.market,
        &mut s.position,
        &mut s.collateral,
        &at,
        &request,
    )?;
    let parts = json!({ "closed": write_reduced(&closed), "opened": write_opened(&opened) });
    Ok(s.write(parts))
}

fn run_pay_owed(i: &Value) -> Answer {
    let mut state = market(child(i, "market")?)?;
    let mut collateral = int(i, "collateral")?;
    let mut payout_owed = int(i, "payout_owed")?;
    let mut funds = insurance(i)?;
    let paid = pay_owed(&mut state, &mut payout_owed, &mut collateral, &mut funds)?;
    let mut output = Map::new();
    output.insert("market".into(), write_market(&state));
    output.insert("collateral".into(), write(collateral));
    output.insert("payout_owed".into(), write(payout_owed));
    output.insert("paid".into(), write(paid));
    put_insurance(&mut output, &funds);
    Ok(Value::Object(output))
}

fn run_reduce(name: &str, i: &Value) -> Answer {
    let mut s = States::read(i)?;
    let at = oracle(child(i, "oracle")?)?;
    let done = if name == "reduce" {
        let request = ReduceRequest {
            size: int(i, "size")?,
            worst_price: match i.get("worst_price") {
                None => None,
                Some(_) => Some(int(i, "worst_price")?),
            },
        };
        reduce(
            &mut s.market,
            &mut s.position,
            &mut s.collateral,
            &at,
            &request,
            &mut s.insurance,
        )?
    } else {
        close_capped(
            &mut s.market,
            &mut s.position,
            &mut s.collateral,
            &at,
            &mut s.insurance,
        )?
    };
    let moved = write_reduced(&done);
    Ok(s.write(moved))
}

fn write_reduced(done: &Reduced) -> Value {
    json!({
        "fill_price": write(done.fill_price),
        "realized_pnl": write(done.realized_pnl),
        "funding": write(done.funding),
        "borrow": write(done.borrow),
        "fee": write(done.fee),
        "impact": write(done.impact),
        "margin_released": write(done.margin_released),
        "bad_debt": write(done.bad_debt),
    })
}

fn run_liquidate(i: &Value) -> Answer {
    let mut s = States::read(i)?;
    let at = oracle(child(i, "oracle")?)?;
    let reward_taken = match i.get("reward_taken") {
        None => true,
        Some(_) => flag(i, "reward_taken")?,
    };
    let done = liquidate(
        &mut s.market,
        &mut s.position,
        &mut s.collateral,
        &at,
        &mut s.insurance,
        reward_taken,
    )?;
    Ok(s.write(json!({
        "size": write(done.size),
        "realized_pnl": write(done.realized_pnl),
        "funding": write(done.funding),
        "borrow": write(done.borrow),
        "liquidation_fee": write(done.liquidation_fee),
        "keeper_share": write(done.reward.keeper_share),
        "keeper_reward": write(done.reward.keeper_reward),
        "margin_released": write(done.margin_released),
        "bad_debt": write(done.bad_debt),
        "payout_owed": write(done.payout_owed),
    })))
}
