export type KycStatus = 'pending' | 'verified' | 'rejected';
export type RiskLevel = 'conservative' | 'moderate' | 'aggressive';

/** What the exchange and the trader settled about the account, as far as orders need it. */
export interface Standing {
  /** False: the exchange closed its API for this wallet. */
  readonly isActive: boolean;
  readonly kycStatus: KycStatus;
  readonly riskLevel: RiskLevel;
  /** Preferences of the trader; null: the exchange's own. Leverage in hundredths. */
  readonly defaultLeverageE2: number | null;
  readonly maxSlippageBps: number | null;
  /** When the users row had this form, microseconds of the database's clock: an older one never replaces a newer one. */
  readonly version: number;
}
