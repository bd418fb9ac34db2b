import type { FillDto } from '#shared/protocol/fills.ts';
import { useQuery } from '@tanstack/solid-query';
import { createMemo, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { errorText } from '../../data/error-text.ts';
import { cardOfFill } from '../../domain/share-card.ts';
import { ShareDialog } from './share-dialog.tsx';

/** The card of an execution: entry and margin are from its receipt. */
export function ShareFill(props: { readonly fill: FillDto; readonly onClose: () => void }): JSX.Element {
  const desk = useDesk();
  const receipt = useQuery(() => desk.queries.receipt(props.fill.transaction_hash));
  const card = createMemo(() => cardOfFill(props.fill, receipt.data));
  const status = () => {
    if (receipt.data !== undefined) return card() === undefined ? 'empty' : 'data';
    return receipt.isError ? 'error' : 'loading';
  };
  return (
    <ShareDialog
      card={card()}
      status={status()}
      errorText={errorText(receipt.error)}
      onRetry={() => void receipt.refetch()}
      onClose={props.onClose}
    />
  );
}
