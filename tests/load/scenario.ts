export interface ScenarioOptions {
  /** A minute instead of the whole. */
  readonly isShort: boolean;
  /** Positions of a crash, where they are not the scenario's own. */
  readonly positions?: number;
  /** Progress, a line at a time. */
  say(line: string): void;
}

export interface ReportTable {
  readonly title: string;
  readonly rows: readonly Readonly<Record<string, string | number>>[];
}

export interface ScenarioReport {
  readonly tables: readonly ReportTable[];
  readonly notes: readonly string[];
  /** What must not be; empty where nothing was lost, doubled or out of order. */
  readonly findings: readonly string[];
}

export type Scenario = (options: ScenarioOptions) => Promise<ScenarioReport>;
