import type { Mutant } from '../mutant.ts';

const tests = ['program/oracle.test.ts'];
const file = 'oracle/acceptance.rs';

/** Prices that should have been refused. */
export const oracle: readonly Mutant[] = [
  {
    name: 'staleness-unchecked',
    breaks: 'an old price is refused',
    file,
    find: 'if sub_i64(now, price.publish_time)? > i64::from(config.max_staleness_seconds) {',
    replace: 'if sub_i64(now, price.publish_time)? > i64::MAX {',
    tests,
  },
  {
    name: 'confidence-unchecked',
    breaks: 'an uncertain price is refused',
    file,
    find: 'if product(price.conf, BPS) > product(price.price, u64::from(config.max_confidence_bps)) {',
    replace: 'if product(price.conf, BPS) > u128::MAX {',
    tests,
  },
  {
    name: 'feed-unchecked',
    breaks: 'the price of another feed is refused',
    file,
    find: 'if update.feed_id != config.feed_id {',
    replace: 'if update.feed_id == [0; 32] {',
    tests,
  },
  {
    name: 'equal-time-rule-dropped',
    breaks: 'there is one price per market and second',
    file,
    find: 'let accepted = if same_second { *last } else { offered };',
    replace: 'let accepted = offered;\n    let _ = same_second;',
    tests,
  },
  {
    name: 'older-price-accepted',
    breaks: 'prices never go back in time',
    file,
    find: 'if offered.publish_time < last.publish_time {',
    replace: 'if offered.publish_time < 0 {',
    tests,
  },
  {
    name: 'unverified-accepted',
    breaks: 'a partly verified price needs enough signatures',
    file,
    find: 'signatures >= config.min_signatures,',
    replace: 'signatures >= config.min_signatures.min(0),',
    tests,
  },
  {
    name: 'price-of-any-program',
    breaks: 'the price account belongs to the receiver program',
    file,
    find: '*account.key == config.price_account && *account.owner == config.receiver_program;',
    replace: '*account.key == config.price_account;',
    tests,
  },
  {
    name: 'divergence-unchecked',
    breaks: 'no risk is added far from the moving average',
    file,
    find: 'if product(distance(price)?, BPS) > limit {',
    replace: 'if product(distance(price)?, BPS) > limit.max(u128::MAX) {',
    tests,
  },
  {
    name: 'early-price-accepted',
    breaks: 'a trade executes at no price older than its order allows',
    file: 'instructions/common/trade.rs',
    find: 'oracle.publish_time >= min_publish_time,',
    replace: 'oracle.publish_time >= min_publish_time.min(0),',
    tests,
  },
  {
    name: 'anyone-picks-an-old-price',
    breaks: 'without a keeper a price is at most 5 seconds old',
    file: 'instructions/common/authority.rs',
    find: 'require!(oracle.publish_time >= oldest, PerpError::OracleStale);',
    replace: 'require!(oracle.publish_time >= oldest.min(0), PerpError::OracleStale);',
    tests: ['program/liquidate-position.test.ts'],
  },
  {
    name: 'close-request-at-its-second',
    breaks: 'a requested close takes a price that nobody knew at the request',
    file: 'instructions/request_close.rs',
    find: 'Ok((add_i64(known, 1)?, last))',
    replace: 'Ok((requested_at, last))',
    tests: ['program/request-close.test.ts'],
  },
  {
    name: 'close-request-never-lapses',
    breaks: 'a requested close takes a price of its window, 6 to 15 seconds later',
    file: 'instructions/execute_close_request.rs',
    find: 'require!(oracle.publish_time <= last, PerpError::CloseRequestLapsed);',
    replace: 'require!(oracle.publish_time <= last.max(now), PerpError::CloseRequestLapsed);',
    tests: ['program/request-close.test.ts'],
  },
];
