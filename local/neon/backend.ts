/** One statement with its parameters as text, as the driver sends them. */
export interface Statement {
  readonly query: string;
  readonly params: readonly (string | null)[];
}

export type IsolationLevel = 'READ UNCOMMITTED' | 'READ COMMITTED' | 'REPEATABLE READ' | 'SERIALIZABLE';

export interface BatchOptions {
  readonly isolationLevel: IsolationLevel | null;
  readonly readOnly: boolean;
  readonly deferrable: boolean;
}

/** What one statement answered; every value as PostgreSQL's text. */
export interface StatementResult {
  readonly command: string;
  readonly rowCount: number | null;
  readonly fields: readonly { readonly name: string; readonly dataTypeID: number }[];
  readonly rows: readonly (readonly (string | null)[])[];
}

/** A PostgreSQL behind the protocol. Failures of the database itself are thrown as its driver throws them, with `code`. */
export interface Backend {
  /** Runs one statement in its own transaction. */
  execute(statement: Statement): Promise<StatementResult>;
  /** Runs all statements in one transaction: all or none. */
  transaction(statements: readonly Statement[], options: BatchOptions): Promise<StatementResult[]>;
  close(): Promise<void>;
}

/** The statement that opens a batch's transaction. */
export function beginStatement(options: BatchOptions): string {
  const level = options.isolationLevel === null ? '' : ` ISOLATION LEVEL ${options.isolationLevel}`;
  return `BEGIN${level}${options.readOnly ? ' READ ONLY' : ''}${options.deferrable ? ' DEFERRABLE' : ''}`;
}
