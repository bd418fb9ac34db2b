import type { JSX } from 'solid-js';

import { copyText } from '../../data/copy.ts';
import { useDesk } from '../../data/desk.ts';
import { shortKey } from '../../domain/format.ts';
import { tableTexts } from '../../i18n/tables.ts';

/** The command that verifies a transaction from the chain and Pyth's history; pressed, it is in the clipboard. */
export function VerifyCommand(props: { readonly signature: string }): JSX.Element {
  const desk = useDesk();
  const t = tableTexts.verify;
  const command = () => `npm run verify -- ${props.signature}`;
  const copy = () => void copyText(desk.notices, command(), { title: t.copied, text: shortKey(props.signature, 10) });
  return (
    <button type="button" class="command" aria-label={`${tableTexts.common.copy}: ${command()}`} onClick={copy}>
      {command()}
    </button>
  );
}
