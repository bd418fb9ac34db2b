import type { Mutant } from '../mutant.ts';

const near = 'program/accrual.test.ts';

/** Roundings: each favours the pool; a unit per trade the other way is a tap. */
const roundings: readonly Mutant[] = [
  {
    name: 'entry-share-rounding',
    breaks: 'the entry value of a reduced long is rounded against the trader',
    file: 'math/reduce.rs',
    find: 'Side::Long => (Round::Up, Round::Down),',
    replace: 'Side::Long => (Round::Down, Round::Down),',
    tests: [near],
  },
  {
    name: 'pnl-rounding',
    breaks: 'profit is rounded down',
    file: 'math/pnl.rs',
    find: 'to_i64(div_floor_i128(value, to_i128(VALUE_PER_QUOTE)?)?)',
    replace: 'to_i64(crate::math::ints::div_ceil_i128(value, to_i128(VALUE_PER_QUOTE)?)?)',
    tests: [near],
  },
  {
    name: 'fee-rounding',
    breaks: 'fees are rounded up',
    file: 'math/fee.rs',
    find: 'to_u64(div_ceil_u128(\n        mul_u128(product(size, price)',
    replace: 'to_u64(div_floor_u128(\n        mul_u128(product(size, price)',
    tests: [near],
  },
  {
    name: 'margin-rounding',
    breaks: 'the margin of an opening is rounded up',
    file: 'math/equity.rs',
    find: 'let base = to_u64(div_ceil_u128(',
    replace: 'let base = to_u64(crate::math::ints::div_floor_u128(',
    tests: [near],
  },
  {
    name: 'reserve-rounding',
    breaks: 'the reserve of a position is rounded up',
    file: 'math/reserve.rs',
    find: 'to_u64(div_ceil_u128(\n        mul_u128(entry_value',
    replace: 'to_u64(crate::math::ints::div_floor_u128(\n        mul_u128(entry_value',
    tests: [near],
  },
  {
    name: 'mint-rounding',
    breaks: 'minted shares are rounded down',
    file: 'math/pool.rs',
    find: 'let shares = to_u64(super::ints::div_floor_u128(',
    replace: 'let shares = to_u64(div_ceil_u128(',
    tests: ['program/pool.test.ts'],
  },
  {
    name: 'redeem-rounding',
    breaks: 'the payout for shares is rounded down',
    file: 'math/pool.rs',
    find: 'to_u64(super::ints::div_floor_u128(worth',
    replace: 'to_u64(div_ceil_u128(worth',
    tests: ['program/pool.test.ts'],
  },
];

const charges: readonly Mutant[] = [
  {
    name: 'closing-fee-skipped',
    breaks: 'closing pays the trading fee',
    file: 'math/position_reduce.rs',
    find: 'let fee = full_fee.min(moved.margin_left);',
    replace: 'let fee = full_fee.min(0);',
    tests: ['program/close-position.test.ts'],
  },
  {
    name: 'impact-skipped',
    breaks: 'who widens the skew pays for it',
    file: 'math/impact.rs',
    find: 'if input.skew_scale == 0 {',
    replace: 'if input.price > 0 {',
    tests: [near],
  },
  {
    name: 'impact-for-narrowing',
    breaks: 'only the stretch that widens the skew is charged',
    file: 'math/impact.rs',
    find: 'if result.signum() != delta.signum() {\n        return Ok((0, 0));',
    replace: 'if result.signum() != delta.signum() {\n        return Ok((0, delta.unsigned_abs()));',
    tests: [near],
  },
  {
    name: 'funding-sign',
    breaks: 'the prevailing side pays funding and the other receives it',
    file: 'math/equity.rs',
    find: 'signed(position.side, sub_i128(now, position.funding_sum)?)',
    replace: 'signed(position.side, sub_i128(position.funding_sum, now)?)',
    tests: [near],
  },
  {
    name: 'borrow-not-charged',
    breaks: 'a position pays borrow for its time',
    file: 'math/accrual.rs',
    find: 'market.borrow_index = add_i128(market.borrow_index, borrow_index_delta(borrow, price, dt)?)?;',
    replace: 'borrow_index_delta(borrow, price, dt)?;',
    tests: [near],
  },
];

const solvency: readonly Mutant[] = [
  {
    name: 'liquidation-at-equality',
    breaks: 'a position exactly at its maintenance margin is spared',
    file: 'math/liquidation.rs',
    find: 'if equity >= maintenance {',
    replace: 'if equity > maintenance {',
    tests: ['program/boundaries/maintenance.test.ts'],
  },
  {
    name: 'maintenance-without-funding',
    breaks: 'the liquidation test counts funding owed',
    file: 'math/position_liquidate.rs',
    find: 'let equity_e26 = equity_q(position, indexes(market), oracle.price)?;',
    replace:
      'let equity_e26 = add_i128(equity_q(position, indexes(market), oracle.price)?, super::equity::funding_owed(position, market.funding_index)?)?;',
    tests: ['program/boundaries/maintenance.test.ts', 'program/partial-liquidation.test.ts'],
  },
  {
    name: 'partial-liquidation-too-small',
    breaks: 'a partial liquidation restores its target',
    file: 'math/liquidation.rs',
    find: 'let restored = mul_i128(i128::from(price), sub_i128(target, fee)?)?;',
    replace: 'let restored = mul_i128(i128::from(price), target)?;\n    let _ = fee;',
    tests: ['program/partial-liquidation.test.ts'],
  },
  {
    name: 'liquidation-keeps-the-rest',
    breaks: 'what a liquidation leaves goes back to the trader',
    file: 'math/position_liquidate.rs',
    find: '*collateral = add_u64(*collateral, margin_released)?;',
    replace: '*collateral = add_u64(*collateral, 0)?;',
    tests: ['program/liquidate-position.test.ts'],
  },
  {
    name: 'payoff-cap-ignored',
    breaks: 'no position wins more than its reserve',
    file: 'math/pnl.rs',
    find: 'Ok(value.min(reserve_value(reserve)?))',
    replace: 'reserve_value(reserve).map(|_| value)',
    tests: ['program/close-position.test.ts'],
  },
  {
    name: 'reserve-not-released',
    breaks: 'closing frees the reserve',
    file: 'math/ledger.rs',
    find: 'totals.reserve = add_u64(sub_u64(totals.reserve, before.reserve)?, after.reserve)?;',
    replace: 'totals.reserve = add_u64(totals.reserve, after.reserve.saturating_sub(before.reserve))?;',
    tests: ['program/close-position.test.ts'],
  },
  {
    name: 'utilisation-unchecked',
    breaks: 'reserves stay within the utilisation of the backing',
    file: 'math/reserve.rs',
    find: 'if needed <= usable {',
    replace: 'if needed <= usable || usable >= 0 {',
    tests: ['program/boundaries/trading-limits.test.ts', 'program/open-position.test.ts'],
  },
  {
    name: 'settlement-takes-reserved',
    breaks: 'settlement leaves a market what its reserves need',
    file: 'math/pool.rs',
    find: 'sub_i64(own, target.max(needed))?',
    replace: 'sub_i64(own, target.max(needed.min(0)))?',
    tests: ['program/pool-funds.test.ts'],
  },
  {
    name: 'bad-debt-not-covered',
    breaks: 'insurance pays what a margin could not',
    file: 'math/ledger.rs',
    find: 'let from_balance = uncovered.min(funds.balance);',
    replace: 'let from_balance = uncovered.min(funds.balance).min(0);',
    tests: ['program/close-position.test.ts'],
  },
  {
    name: 'receipt-from-reserves',
    breaks: 'funding is received only from what the backing has above the reserves',
    file: 'math/position_settle.rs',
    find: 'let spare = sub_i128(i128::from(market.backing), i128::from(reserved(market)?))?.max(0);',
    replace: 'let spare = i128::from(market.backing).max(i128::from(reserved(market)?.min(0)));',
    tests: ['program/settle-position.test.ts'],
  },
  {
    name: 'owed-paid-from-reserves',
    breaks: 'an owed payout takes no reserve of another trader',
    file: 'math/position_payout.rs',
    find: 'let spare = sub_i128(i128::from(market.backing), i128::from(reserved(market)?))?.max(0);',
    replace: 'let spare = sub_i128(i128::from(market.backing), i128::from(reserved(market)?.min(0)))?.max(0);',
    tests: ['program/pay-owed.test.ts'],
  },
  {
    name: 'uncapped-closed-as-capped',
    breaks: 'only a position that can win nothing more is closed without its owner',
    file: 'math/position_reduce.rs',
    find: 'require(capped, PerpError::NotCapped)?;',
    replace: 'require(capped || position.size > 0, PerpError::NotCapped)?;',
    tests: ['program/close-capped.test.ts', 'program/fuzz/fuzz.test.ts'],
  },
];

/** Broken formulas and books. */
export const mathematics: readonly Mutant[] = [...roundings, ...charges, ...solvency];
