import type { Refusal } from '#shared/protocol/error-codes.ts';
import type { KycStatus, RiskLevel, Standing } from '#shared/standing.ts';
import { firstRow } from '../platform/sql.ts';

/** Table the object's migrations must contain. */
export const STANDING_TABLE = `
  CREATE TABLE standing (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    is_active INTEGER NOT NULL,
    kyc_status TEXT NOT NULL,
    risk_level TEXT NOT NULL,
    default_leverage_e2 INTEGER,
    max_slippage_bps INTEGER,
    version INTEGER NOT NULL
  );
`;

/** Leverage of an order that names none, from a trader without a preference; hundredths. */
export const leverageE2Default = 1_000;
/** Highest leverage that is chosen for an order that names none, by risk level; hundredths. */
export const leverageE2MaxByRiskLevel: Readonly<Record<RiskLevel, number>> = {
  conservative: 300,
  moderate: 1_000,
  aggressive: 2_000,
};

/** A wallet of which the users row was never seen: what a new row says. */
const unseen: Standing = {
  isActive: true,
  kycStatus: 'pending',
  riskLevel: 'moderate',
  defaultLeverageE2: null,
  maxSlippageBps: null,
  version: 0,
};

/** Keeps a wallet's standing beside its orders, so that orders need no database. */
export class AccountStanding {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  get current(): Standing {
    const row = firstRow<StandingRow>(this.#sql, 'SELECT * FROM standing');
    return row === null ? unseen : standingOf(row);
  }

  /** Stores a standing; false (and nothing stored) when a newer one is known. */
  set(standing: Standing): boolean {
    if (standing.version < this.current.version) return false;
    this.#sql.exec(
      `INSERT OR REPLACE INTO standing (id, is_active, kyc_status, risk_level, default_leverage_e2, max_slippage_bps, version)
       VALUES (1, ?, ?, ?, ?, ?, ?)`,
      standing.isActive ? 1 : 0,
      standing.kycStatus,
      standing.riskLevel,
      standing.defaultLeverageE2,
      standing.maxSlippageBps,
      standing.version,
    );
    return true;
  }

  /** Why this account may not open or increase a position; null when it may. What reduces is never refused for its standing. */
  refusalOfOpening(): Refusal | null {
    const { isActive, kycStatus } = this.current;
    if (!isActive) return disabled;
    return kycStatus === 'rejected' ? notVerified : null;
  }

  /**
   * Leverage of an order that names none, hundredths: the trader's preference or 10x, at most what his risk level allows (conservative 3x,
   * moderate 10x, aggressive 20x) and never above the market's.
   */
  defaultLeverageE2(marketMaxE2: number): number {
    const { defaultLeverageE2, riskLevel } = this.current;
    return Math.min(defaultLeverageE2 ?? leverageE2Default, leverageE2MaxByRiskLevel[riskLevel], marketMaxE2);
  }

  /** Slippage of a market order that names none, bps: the trader's preference, else the exchange's. */
  defaultSlippageBps(exchangeDefault: number): number {
    return this.current.maxSlippageBps ?? exchangeDefault;
  }
}

const disabled: Refusal = {
  code: 'AUTH_008',
  message: 'This account is disabled. Positions can be closed and funds withdrawn on chain at any time.',
};

const notVerified: Refusal = {
  code: 'AUTH_009',
  message: 'The identity check of this account was refused: positions can be reduced and closed, not opened.',
};

type StandingRow = {
  is_active: number;
  kyc_status: KycStatus;
  risk_level: RiskLevel;
  default_leverage_e2: number | null;
  max_slippage_bps: number | null;
  version: number;
};

const standingOf = (row: StandingRow): Standing => ({
  isActive: row.is_active === 1,
  kycStatus: row.kyc_status,
  riskLevel: row.risk_level,
  defaultLeverageE2: row.default_leverage_e2,
  maxSlippageBps: row.max_slippage_bps,
  version: row.version,
});
