/** One line of a verification: a figure as the chain states it, and what it has to be. */
export interface Check {
  readonly name: string;
  /** As it is shown. */
  readonly stated: string;
  /** What it has to be, shown where it is not; null for a figure that is only told. */
  readonly expected: string | null;
}

export const told = (name: string, stated: string): Check => ({ name, stated, expected: null });

/** A figure that was recomputed: `show` writes both in the same unit. */
export const compared = <Value>(
  name: string,
  stated: Value,
  expected: Value,
  show: (value: Value) => string,
): Check => ({ name, stated: show(stated), expected: show(expected) });

/** A condition that has to hold. */
export const held = (name: string, holds: boolean, stated: string, otherwise: string): Check => ({
  name,
  stated: holds ? stated : otherwise,
  expected: stated,
});

export const isRight = ({ stated, expected }: Check): boolean => expected === null || stated === expected;

/** A verified event: its checks, and whether its price was the first that its order could have had. */
export interface Verdict {
  readonly title: string;
  readonly checks: readonly Check[];
  /** Null where no order waited for a price. */
  readonly isFirstEligible: boolean | null;
}
