import { marketOf } from '#shared/markets.ts';
import type { FillDto } from '#shared/protocol/fills.ts';
import { useQuery } from '@tanstack/solid-query';
import { Show, createMemo, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { errorText } from '../../data/error-text.ts';
import { verifyFill } from '../../domain/fill-verification.ts';
import { formatSize } from '../../domain/format.ts';
import { texts } from '../../i18n/index.ts';
import { tableTexts } from '../../i18n/tables.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Notice, PanelState, SkeletonRows } from '../../ui/panel-state.tsx';
import { VerificationList } from './verification-list.tsx';
import { VerifyCommand } from './verify-command.tsx';

/** A fill's receipt, computed again in this page. */
export function FillReceipt(props: { readonly fill: FillDto; readonly onClose: () => void }): JSX.Element {
  const desk = useDesk();
  const t = tableTexts.verify;
  const receipt = useQuery(() => desk.queries.receipt(props.fill.transaction_hash));
  const markets = useQuery(() => desk.queries.markets());
  const market = () => markets.data?.find(({ symbol }) => symbol === props.fill.symbol);
  const verification = createMemo(() => verifyFill(props.fill, receipt.data, market()));
  const status = () => {
    if (receipt.data !== undefined && market() !== undefined) return verification() === undefined ? 'empty' : 'data';
    return receipt.isError || markets.isError ? 'error' : 'loading';
  };
  const title = () => {
    const { base, sizeDecimals } = marketOf(props.fill.symbol);
    const size = `${formatSize(props.fill.quantity, sizeDecimals)} ${base}`;
    return t.fillTitle(texts.common[props.fill.side], size, props.fill.symbol);
  };
  return (
    <Dialog open onClose={props.onClose} title={title()} description={t.text} wide>
      <div class="pt-2" data-testid="fill-receipt">
        <PanelState
          status={status()}
          skeleton={<SkeletonRows rows={8} />}
          empty={
            <Notice title={t.unreadable} text={t.unreadableText}>
              <VerifyCommand signature={props.fill.transaction_hash} />
            </Notice>
          }
          errorText={errorText(receipt.error ?? markets.error)}
          onRetry={() => {
            void receipt.refetch();
            void markets.refetch();
          }}
        >
          <Show when={verification()}>{(known) => <VerificationList verification={known()} />}</Show>
        </PanelState>
      </div>
    </Dialog>
  );
}
