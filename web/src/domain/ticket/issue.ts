/** The field that an issue is about. */
export type TicketField =
  'size' | 'limitPrice' | 'stopPrice' | 'leverage' | 'slippage' | 'reduceOnly' | 'expiry' | 'takeProfit' | 'stopLoss';

/** Something that keeps the order from being sent (`blocks`), or that the trader should know before sending it. */
export interface TicketIssue {
  readonly code: string;
  readonly blocks: boolean;
  /** What the disabled button says. */
  readonly title: string;
  /** The whole sentence, where the title is not enough. */
  readonly text?: string;
  readonly field?: TicketField;
  /** Nothing to worry about: said without an alarm. */
  readonly quiet?: true;
}

type More = Pick<TicketIssue, 'text' | 'field'>;

export const blocking = (code: string, title: string, more: More = {}): TicketIssue => ({
  code,
  blocks: true,
  title,
  ...more,
});

export const warning = (code: string, title: string, more: More = {}): TicketIssue => ({
  code,
  blocks: false,
  title,
  ...more,
});

/** What will happen, where the fields alone do not say it. */
export const note = (code: string, text: string, field: TicketField): TicketIssue => ({
  code,
  blocks: false,
  quiet: true,
  title: text,
  text,
  field,
});
