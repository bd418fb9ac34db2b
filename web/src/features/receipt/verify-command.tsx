import type { JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { shortKey } from '../../domain/format.ts';
import { tableTexts } from '../../i18n/tables.ts';

/** The command that verifies a transaction from the chain and Pyth's history; pressed, it is in the clipboard. */
export function VerifyCommand(props: { readonly signature: string }): JSX.Element {
  const desk = useDesk();
  const t = tableTexts.verify;
  const command = () => `npm run verify -- ${props.signature}`;
  const tell = () => desk.notices.show({ tone: 'neutral', title: t.copied, text: shortKey(props.signature, 10) });
  return (
    <button
      type="button"
      class="command"
      aria-label={`${tableTexts.common.copy}: ${command()}`}
      onClick={() => void navigator.clipboard.writeText(command()).then(tell)}
    >
      {command()}
    </button>
  );
}
