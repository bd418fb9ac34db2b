import type { PositionDto } from '#shared/protocol/positions.ts';
import { createMemo, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { cardOfPosition, type ShareCard } from '../../domain/share-card.ts';
import { ShareDialog } from './share-dialog.tsx';

/** The card of an open position, as it stood at the first price since its window opened: what is copied is what was looked at. */
export function SharePosition(props: { readonly position: PositionDto; readonly onClose: () => void }): JSX.Element {
  const desk = useDesk();
  const card = createMemo((taken: ShareCard | undefined): ShareCard => {
    if (taken !== undefined && taken.exit !== null) return taken;
    return cardOfPosition(
      desk.positionViews.of(props.position)(),
      desk.live.markets[props.position.symbol].price?.publish_time,
    );
  });
  return <ShareDialog card={card()} status="data" onClose={props.onClose} />;
}
