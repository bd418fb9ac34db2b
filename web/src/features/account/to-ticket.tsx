import type { JSX } from 'solid-js';

import { tableTexts } from '../../i18n/tables.ts';
import { ticketCommands } from '../ticket/ticket-commands.ts';

/** The way from an empty table to what fills it. */
export function ToTicket(): JSX.Element {
  return (
    <button
      type="button"
      class="button button-small"
      onClick={() => ticketCommands.focusSize()}
      data-testid="to-ticket"
    >
      {tableTexts.actions.trade}
    </button>
  );
}
