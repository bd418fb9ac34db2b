import type { JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { shortKey } from '../../domain/format.ts';
import { texts } from '../../i18n/index.ts';
import { recordTexts } from '../../i18n/records.ts';
import { tableTexts } from '../../i18n/tables.ts';

/** A transaction by its ends; pressed, all of it is in the clipboard. */
export function TransactionKey(props: { readonly signature: string }): JSX.Element {
  const desk = useDesk();
  const copy = async () => {
    const { signature } = props;
    await navigator.clipboard.writeText(signature);
    desk.notices.show({ tone: 'neutral', title: texts.common.copied, text: shortKey(signature, 10) });
  };
  return (
    <button
      type="button"
      class="key-button"
      title={props.signature}
      aria-label={`${tableTexts.common.copy} ${recordTexts.fills.transaction} ${shortKey(props.signature, 5)}`}
      onClick={() => void copy()}
    >
      {shortKey(props.signature, 5)}
    </button>
  );
}
