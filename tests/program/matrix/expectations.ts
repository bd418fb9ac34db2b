/**
 * What each substitution must be answered with where its kind alone does not say: `[place, what is wrong, answer]`, the first
 * line that fits counts. `*` stands for anything, `|` for or; a place is `instruction.account` or `instruction (variant).account`.
 */
import { ERRORS, type Expected, type Harmless, type Substitution, expectedByKind } from './defaults.ts';

const harmless = (why: string): Harmless => ({ harmless: why });

/**
 * The program creates accounts of a type in one instruction, at one derived address (a test of its own shows it), so no second one
 * with these bytes can exist: only the test can write it.
 */
const unreachable = harmless('nobody can make the program create its account a second time at another address');
const anyPayer = harmless('anyone may pay somebody else’s rent: he signs, and gets no right by it');
const anyKeeperLess = harmless('the instruction works without this account and then gives nobody more');

const anyProposal = harmless('anyone may execute any change whose time has come; its rent goes back to who paid it');

export type Rule = readonly [place: string, what: string, answer: Expected];

/** Instructions that take a trader's account and position together. */
const trades =
  'open_position|close_position|trade|add_margin|remove_margin|liquidate_position|execute_close_request|close_capped|pay_owed';

/** Lines that count even where the kind of the account has an answer: checks that come before all others. */
export const FIRST_RULES: readonly Rule[] = [
  ['request_mint.lp_account', 'of another*|the same as *|a copy*|at another*', ERRORS.constraintSeeds],
  ['request_mint (again).lp_account', 'closed', harmless('nothing closes one; without it the holder gets his first')],
  ['request_mint (the first time).lp_account', 'already there', ERRORS.wrongDiscriminator],
  ['request_mint (the first time).lp_account', 'another program’s', ERRORS.wrongOwner],
  ['initialize_exchange.program_data', 'a copy*', ERRORS.constraintSeeds],
  ['execute_pool_request (a minting).vault', 'frozen', harmless('minting moves no tokens')],
  ['execute_withdrawal.vault', 'the same as destination', 'WrongVault'],
  ['execute_withdrawal.destination', 'not writable', ERRORS.constraintMut],
  [
    'execute_withdrawal.destination',
    'owned by another program|closed|without content|zeroed|cut short|frozen',
    harmless('what cannot take the money gives it back to its owner’s collateral: nobody can stall the queue'),
  ],
  ['execute_withdrawal.destination', '*', ERRORS.constraintAddress],
];

/** Lines that count where the kind of the account has no answer. */
export const RULES: readonly Rule[] = [
  // Who signs
  ['*.payer', 'signed by *', anyPayer],
  ['*.payer', 'the same as admin|the same as owner', anyPayer],
  ['request_mint (again).payer', 'not writable', ERRORS.constraintMut],
  ['*.payer', 'not writable', ERRORS.readOnlyPassedOn],
  ['initialize_exchange.upgrade_authority', 'signed by *', 'NotUpgradeAuthority'],
  ['initialize_exchange.upgrade_authority', 'not writable', ERRORS.readOnlyPassedOn],
  ['create_market|propose_change.admin', 'signed by *|the same as payer', 'NotAdmin'],
  ['propose_admin|resume_operations|add_keeper.authority', 'signed by *', 'NotAdmin'],
  ['withdraw_treasury.treasury_authority', 'signed by *', 'NotTreasuryAuthority'],
  ['accept_admin.authority', 'signed by *', 'NotPendingAdmin'],
  ['*.authority', 'signed by the admin', harmless('the admin may do whatever the risk manager may')],
  ['*.authority', 'signed by *|the same as rent_payer', 'NotRiskManager'],
  ['open_user_account|request_mint|queue_withdrawal.owner', 'signed by *|the same as payer', ERRORS.constraintSeeds],
  ['*.owner', 'signed by *', 'NotOwner'],
  ['donate|fund_insurance.donor', 'signed by *', ERRORS.notTheTokenOwner],
  ['liquidate_position|close_capped.keeper', 'left out', harmless('anyone may, at a price of the last five seconds')],
  ['*(by nobody*).keeper', 'signed by the keeper', harmless('a keeper may as well as anyone')],
  ['execute_pool_request (a release).keeper', 'signed by *', harmless('a release is decided by the clock alone')],
  ['execute_pool_request.keeper', 'left out', 'MissingAuthority'],
  ['add_margin (delegated).keeper', 'left out', 'MissingAuthority'],
  ['add_margin (signed by both).keeper', 'left out', harmless('the owner alone may add margin')],
  ['*.keeper', 'signed by *|the same as owner_signer', 'NotKeeper'],
  ['*.owner_signer', 'left out', harmless('the keeper then acts under the delegation, which stands')],
  [
    '*delegated).owner_signer',
    'signed by alice',
    harmless('the owner may sign as well; no delegation is charged then'),
  ],
  ['*.owner_signer', 'signed by *|the same as keeper', 'NotOwner'],
  // Whose accounts
  ['create_position.user_account', 'of another*', ERRORS.constraintSeeds],
  ['*.user_account', 'of another: *', 'NotOwner'],
  ['liquidate_position*.liquidator_account', 'of another: *|left out', anyKeeperLess],
  ['settle_position.position', 'of another: bob in the first market', harmless('anyone may settle any position here')],
  ['request_close.position', 'of another: alice *', harmless('the owner signs: he may close any of his positions')],
  ['request_close.position', 'of another: bob *', 'NotOwner'],
  ['settle_position.position', 'of another: *', 'WrongMarket'],
  [`${trades}.position`, 'of another: alice in the second market', 'WrongMarket'],
  [`${trades}.position`, 'of another: bob in *', 'NotOwner'],
  ['create_position.market', 'of another*|a copy*', ERRORS.constraintSeeds],
  ['refresh_market|settle_market.market', 'of another: *', 'OracleWrongAccount'],
  ['set_market_status|tighten_market.market', 'of another: *', harmless('the role concerns every market')],
  ['*_change (of a market).market', 'of another: *', 'WrongMarket'],
  ['*_change*.market', 'of another: *', harmless('a change of something else reads no market')],
  ['*.market', 'of another: *', 'WrongMarket'],
  ['request_redeem.lp_account', 'of another: *', 'NotOwner'],
  ['execute_pool_request (a redemption)|execute_pool_request (a release).lp_account', 'of another: *', 'NotOwner'],
  ['execute_pool_request (a minting).lp_account', 'of another: *', 'NoPoolRequest'],
  ['propose_change|execute_change.market|pool|outflow|insurance', 'left out', 'MissingAccount'],
  ['*.insurance', 'left out', harmless('it is needed only where a loss exceeds the margin or a payout the backing')],
  // Changes of parameters
  ['*.instructions_sysvar', '*', ERRORS.constraintAddress],
  ['execute_change (of insurance).proposal', 'of another: the first proposal', anyProposal],
  ['execute_change.proposal', 'of another: the first proposal', 'MissingAccount'],
  ['cancel_change|execute_change.proposal', 'of another: *', ERRORS.constraintAddress],
  ['execute_withdrawal.withdrawal', 'of another: *', 'NotFirstInQueue'],
  ['cancel_withdrawal.withdrawal', 'of another: *', 'NotOwner'],
  [
    'cancel_change|execute_change|execute_withdrawal.rent_payer',
    'not writable|the same as instructions_sysvar',
    ERRORS.constraintMut,
  ],
  ['cancel_change|execute_change.rent_payer', 'the same as proposal', ERRORS.closedIntoItself],
  ['cancel_change|execute_change|execute_withdrawal.rent_payer', '*', ERRORS.constraintAddress],
  // The same bytes elsewhere
  [
    'refresh_market|settle_market|set_market_status|tighten_market|*_change (of a market).market',
    'a copy*',
    unreachable,
  ],
  ['*.market', 'a copy*', 'WrongMarket'],
  [
    'withdraw_collateral|withdraw_treasury|execute_withdrawal|execute_pool_request (a redemption)|execute_pool_request (a release).exchange',
    'a copy*',
    ERRORS.readOnlyPassedOn,
  ],
  [
    '*.exchange|pool|insurance|treasury|outflow|user_account|position|lp_account|liquidator_account|proposal|withdrawal|account',
    'a copy*',
    unreachable,
  ],
  // Tokens
  ['initialize_exchange.usdc_mint', 'another mint', harmless('the upgrade authority chooses the one token, once')],
  ['initialize_exchange.usdc_mint', 'of nine decimals', 'WrongDecimals'],
  ['*.vault', '*', 'WrongVault'],
  ['*.source|destination', 'of another mint', 'WrongMint'],
  ['*.source', 'a copy*', harmless('any USDC account that its signer may spend from will do')],
  ['*.source', '*', ERRORS.notTheTokenOwner],
  [
    'withdraw_treasury.destination',
    '*',
    harmless('the treasury authority names by his signature where the money goes'),
  ],
  ['withdraw_collateral.destination', '*', harmless('the owner names by his signature where his money goes')],
  ['execute_pool_request.destination', 'a copy*', harmless('any USDC account of the holder will do')],
  [
    'execute_pool_request (a redemption)|execute_pool_request (a release).destination',
    'left out',
    'MissingDestination',
  ],
  ['execute_pool_request (a minting).destination', 'alice’s', harmless('minting pays nothing out')],
  ['execute_pool_request.destination', '*', 'NotOwner'],
];

const escape = (text: string): string => text.replace(/[.()[\]^$+?{}\\]/g, '\\$&').replace(/\*/g, '.*');
const alternatives = (text: string): string => text.split('|').map(escape).join('|');

/** `a|b.c|d (e)`: any of a, b with any of c, d. */
function placePattern(place: string): RegExp {
  const dot = place.lastIndexOf('.');
  return new RegExp(`^(?:${alternatives(place.slice(0, dot))})\\.(?:${alternatives(place.slice(dot + 1))})$`);
}

interface Compiled {
  readonly rule: Rule;
  readonly place: RegExp;
  readonly what: RegExp;
}

const compile = (rule: Rule): Compiled => ({
  rule,
  place: placePattern(rule[0]),
  what: new RegExp(`^(?:${alternatives(rule[1])})$`),
});
const first = FIRST_RULES.map(compile);
const rest = RULES.map(compile);

/** The answer and, where a table gave it, the line. */
export interface Verdict {
  readonly expected: Expected | undefined;
  readonly rule?: Rule;
}

/** What a substitution must be answered with. `variant` is the scenario's. */
export function verdictOn(substitution: Substitution, variant: string | undefined): Verdict {
  const { slot, mutation } = substitution;
  const places = [`${slot.instruction}.${slot.name}`, `${slot.instruction} (${variant ?? ''}).${slot.name}`];
  const verdict = (lines: readonly Compiled[]): Verdict | undefined => {
    const found = lines.find(
      ({ place, what }) => what.test(mutation.what) && places.some((candidate) => place.test(candidate)),
    );
    return found && { expected: found.rule[2], rule: found.rule };
  };
  const byKind = expectedByKind(substitution);
  return verdict(first) ?? (byKind === undefined ? verdict(rest) : { expected: byKind }) ?? { expected: undefined };
}
