import { Match, Switch, createEffect, createMemo, on, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { deferred } from '../../ui/deferred.tsx';
import { accountDialog, closeAccountDialog, type AccountDialog } from './dialogs.ts';

const CloseDialog = deferred(() => import('./close-dialog.tsx').then((module) => module.CloseDialog));
const FlipDialog = deferred(() => import('./flip-dialog.tsx').then((module) => module.FlipDialog));
const MarginDialog = deferred(() => import('./margin-dialog.tsx').then((module) => module.MarginDialog));
const ExitsDialog = deferred(() => import('./exits-dialog.tsx').then((module) => module.ExitsDialog));
const CostsDialog = deferred(() => import('./costs-dialog.tsx').then((module) => module.CostsDialog));
const CloseAllDialog = deferred(() => import('./close-all-dialog.tsx').then((module) => module.CloseAllDialog));
const CancelAllDialog = deferred(() => import('./cancel-all-dialog.tsx').then((module) => module.CancelAllDialog));
const OrderDialog = deferred(() => import('./order-dialog.tsx').then((module) => module.OrderDialog));
const FillReceipt = deferred(() => import('../receipt/fill-receipt.tsx').then((module) => module.FillReceipt));
const SharePosition = deferred(() => import('../share/share-position.tsx').then((module) => module.SharePosition));
const ShareFill = deferred(() => import('../share/share-fill.tsx').then((module) => module.ShareFill));

/** The windows of the tables, each fetched when it is first opened. */
export function AccountDialogs(): JSX.Element {
  const desk = useDesk();
  const of = <Kind extends AccountDialog['kind']>(kind: Kind): Extract<AccountDialog, { kind: Kind }> | undefined => {
    const open = accountDialog();
    return open?.kind === kind ? (open as Extract<AccountDialog, { kind: Kind }>) : undefined;
  };
  /** The position a window is about; undefined once it is closed, and with it the window. */
  const position = createMemo(() => {
    const open = accountDialog();
    if (open === undefined || !('positionId' in open)) return undefined;
    return desk.own.account.positions?.find(({ id }) => id === open.positionId);
  });
  // What a window is about may go while it is open: it goes too, and gives the focus back.
  createEffect(() => {
    const open = accountDialog();
    if (open !== undefined && 'positionId' in open && position() === undefined) closeAccountDialog();
  });
  // What it shows is of the wallet that left.
  createEffect(on(desk.session.address, () => accountDialog() !== undefined && closeAccountDialog(), { defer: true }));
  const positionFor = (kind: 'close' | 'flip' | 'margin' | 'exits' | 'costs' | 'sharePosition') =>
    accountDialog()?.kind === kind ? position() : undefined;
  return (
    <Switch>
      <Match when={positionFor('close')}>
        {(held) => <CloseDialog position={held()} onClose={closeAccountDialog} />}
      </Match>
      <Match when={positionFor('flip')}>
        {(held) => <FlipDialog position={held()} onClose={closeAccountDialog} />}
      </Match>
      <Match when={positionFor('margin')}>
        {(held) => (
          <MarginDialog position={held()} toSafe={of('margin')?.toSafe === true} onClose={closeAccountDialog} />
        )}
      </Match>
      <Match when={positionFor('exits')}>
        {(held) => <ExitsDialog position={held()} onClose={closeAccountDialog} />}
      </Match>
      <Match when={positionFor('costs')}>
        {(held) => <CostsDialog position={held()} onClose={closeAccountDialog} />}
      </Match>
      <Match when={positionFor('sharePosition')}>
        {(held) => <SharePosition position={held()} onClose={closeAccountDialog} />}
      </Match>
      <Match when={of('closeAll')}>
        <CloseAllDialog onClose={closeAccountDialog} />
      </Match>
      <Match when={of('cancelAll')}>
        {(open) => <CancelAllDialog symbol={open().symbol} onClose={closeAccountDialog} />}
      </Match>
      <Match when={of('order')}>{(open) => <OrderDialog order={open().order} onClose={closeAccountDialog} />}</Match>
      <Match when={of('verifyFill')}>{(open) => <FillReceipt fill={open().fill} onClose={closeAccountDialog} />}</Match>
      <Match when={of('shareFill')}>{(open) => <ShareFill fill={open().fill} onClose={closeAccountDialog} />}</Match>
    </Switch>
  );
}
