import type { Mutant } from '../mutant.ts';

const execution = 'program/execution.test.ts';
const matrix = 'program/matrix/matrix.test.ts';

const signatures: readonly Mutant[] = [
  {
    name: 'keeper-role-unchecked',
    breaks: 'only keepers land trades',
    file: 'instructions/common/authority.rs',
    find: 'require!(exchange.is_keeper(keeper, now), PerpError::NotKeeper);',
    replace: '',
    tests: ['program/delegation.test.ts'],
  },
  {
    name: 'keeper-before-its-time',
    breaks: 'an added keeper waits the time lock',
    file: 'state/exchange.rs',
    find: 'keeper.key == *key && keeper.active_from <= now',
    replace: 'keeper.key == *key && keeper.active_from <= now.max(i64::MAX)',
    tests: ['program/delegation.test.ts'],
  },
  {
    name: 'any-owner-signature',
    breaks: 'the signature of another is not the owner’s',
    file: 'instructions/common/authority.rs',
    find: 'Some(signer) => {\n            require_keys_eq!(signer.key(), account.owner, PerpError::NotOwner);',
    replace: 'Some(_) => {',
    tests: ['program/delegation.test.ts'],
  },
  {
    name: 'withdrawal-unsigned',
    breaks: 'a withdrawal needs its owner’s signature',
    file: 'instructions/withdraw_collateral.rs',
    find: "pub owner: Signer<'info>,",
    replace: "/// CHECK: signs nothing.\n    pub owner: UncheckedAccount<'info>,",
    tests: [matrix],
  },
  {
    name: 'withdrawal-from-any-account',
    breaks: 'only the owner withdraws from an account (has_one)',
    file: 'instructions/withdraw_collateral.rs',
    find: '#[account(mut, has_one = owner @ PerpError::NotOwner)]',
    replace: '#[account(mut)]',
    tests: ['program/accounts.test.ts'],
  },
  {
    name: 'delegation-of-any-account',
    breaks: 'only the owner delegates (has_one)',
    file: 'instructions/manage_delegate.rs',
    find: '#[account(mut, has_one = owner @ PerpError::NotOwner)]',
    replace: '#[account(mut)]',
    tests: ['program/accounts.test.ts'],
  },
  {
    name: 'close-request-of-another',
    breaks: 'only the owner requests a close (has_one)',
    file: 'instructions/request_close.rs',
    find: '#[account(mut, has_one = owner @ PerpError::NotOwner)]',
    replace: '#[account(mut)]',
    tests: [matrix],
  },
];

const accounts: readonly Mutant[] = [
  {
    name: 'position-of-another-market',
    breaks: 'a position is closed in its own market',
    file: 'instructions/close_position.rs',
    find: ' @ PerpError::NotOwner,\n        constraint = position.market == market.key() @ PerpError::WrongMarket',
    replace: ' @ PerpError::NotOwner',
    tests: ['program/delegation.test.ts'],
  },
  {
    name: 'position-of-another-trader',
    breaks: 'a liquidation pays the liquidated trader',
    file: 'instructions/liquidate_position.rs',
    find: 'constraint = position.owner == user_account.owner @ PerpError::NotOwner,',
    replace: '',
    tests: ['program/liquidate-position.test.ts'],
  },
  // Liquidating oneself has no mutant: a wallet has one account, and Anchor refuses the same account twice before the program's own check.
  {
    name: 'deposit-into-any-vault',
    breaks: 'a deposit reaches the vault (has_one)',
    file: 'instructions/deposit_collateral.rs',
    find: '    #[account(has_one = vault @ PerpError::WrongVault)]\n',
    replace: '',
    tests: ['program/accounts.test.ts'],
  },
  {
    name: 'redemption-to-anyone',
    breaks: 'a redemption pays its holder',
    file: 'instructions/execute_pool_request.rs',
    find: '@ PerpError::WrongMint,\n        constraint = destination.owner == lp_account.owner @ PerpError::NotOwner',
    replace: '@ PerpError::WrongMint',
    tests: ['program/pool.test.ts'],
  },
  {
    name: 'market-left-out',
    breaks: 'shares are priced with all markets, losses included',
    file: 'instructions/common/pool_markets.rs',
    find: 'accounts.len() == usize::from(market_count),',
    replace: 'accounts.len() <= usize::from(market_count),',
    tests: ['program/pool.test.ts'],
  },
];

const limits: readonly Mutant[] = [
  {
    name: 'seq-unchecked',
    breaks: 'of all attempts of one order at most one lands',
    file: 'instructions/common/authority.rs',
    find: 'require!(expected == seq, PerpError::StaleCommand);',
    replace: 'let _ = (expected, seq);',
    tests: [execution],
  },
  {
    name: 'turnover-not-counted',
    breaks: 'a delegation opens at most its turnover in 24 hours',
    file: 'instructions/common/trade.rs',
    find: 'charge_turnover(account, request.size, opened.fill_price, now)?;',
    replace: '',
    tests: ['program/delegation.test.ts'],
  },
  {
    name: 'turnover-forgets-a-bucket',
    breaks: 'any 24 hours stay within the turnover, wherever they start',
    file: 'constants.rs',
    find: 'pub const TURNOVER_BUCKETS: u64 = 5;',
    replace: 'pub const TURNOVER_BUCKETS: u64 = 1;',
    tests: ['program/delegation.test.ts'],
  },
  {
    name: 'delegation-after-expiry',
    breaks: 'a delegation ends at its expiry, to the second',
    file: 'instructions/common/authority.rs',
    find: 'require!(now < delegate.expires_at, PerpError::DelegateExpired);',
    replace: 'require!(now <= delegate.expires_at, PerpError::DelegateExpired);',
    tests: ['program/delegation.test.ts'],
  },
  {
    name: 'delegate-slippage-unchecked',
    breaks: 'a delegate closes no further from the oracle than allowed',
    file: 'instructions/common/authority.rs',
    find: '    if within {\n',
    replace: '    if within || allowed > 0 {\n',
    tests: ['program/delegation.test.ts'],
  },
  {
    name: 'worst-price-ignored',
    breaks: 'no trade executes beyond its worst price',
    file: 'math/fill.rs',
    find: '    if accepted {\n',
    replace: '    if accepted || size > 0 {\n',
    tests: ['program/open-position.test.ts'],
  },
  {
    name: 'flip-while-paused',
    breaks: 'a paused exchange opens nothing, also not as the second part of a trade',
    file: 'instructions/trade.rs',
    find: 'let opens = !matches!(plan, Plan::Reduce(_));',
    replace: 'let opens = matches!(plan, Plan::Increase(_));',
    tests: ['program/trade.test.ts'],
  },
  {
    name: 'close-request-again-and-again',
    breaks: 'the next request to close waits, so that nobody asks until a price suits him',
    file: 'instructions/request_close.rs',
    find: 'now >= position.close_blocked_until,',
    replace: 'now >= position.close_blocked_until.min(0),',
    tests: ['program/request-close.test.ts'],
  },
  {
    name: 'pause-blocks-closing',
    breaks: 'no pause and no state of the market blocks closing',
    file: 'instructions/close_position.rs',
    find: 'check_seq(args.expected_seq, accounts.position.seq)?;',
    replace:
      'check_seq(args.expected_seq, accounts.position.seq)?;\n    crate::instructions::common::trade::check_may_open(&accounts.exchange, &accounts.market, delegated)?;',
    tests: ['program/open-position.test.ts'],
  },
];

/** Missing checks of who, on what, and how far. */
export const authority: readonly Mutant[] = [...signatures, ...accounts, ...limits];
