import type { MarketSymbol } from '#shared/markets.ts';
import type { TradeSide } from '#shared/perps/types.ts';
import { useQuery } from '@tanstack/solid-query';
import { Show, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { errorText } from '../../data/error-text.ts';
import { texts } from '../../i18n/index.ts';
import { PanelState, SkeletonRows, type PanelStatus } from '../../ui/panel-state.tsx';
import { TicketForm } from './ticket-form.tsx';

interface TicketPanelProps {
  readonly symbol: MarketSymbol;
  /** The side it starts with; left out, the one it had. */
  readonly side?: TradeSide | undefined;
  readonly onSent?: () => void;
}

/** The order ticket of a market, once the market's terms are known. */
export function TicketPanel(props: TicketPanelProps): JSX.Element {
  const desk = useDesk();
  const markets = useQuery(() => desk.queries.markets());
  const market = () => markets.data?.find((candidate) => candidate.symbol === props.symbol);
  const status = (): PanelStatus => {
    if (market() !== undefined) return 'data';
    return markets.isError ? 'error' : 'loading';
  };
  return (
    <section id="ticket" tabIndex={-1} class="ticket panel" aria-label={texts.ticket.title}>
      <PanelState
        status={status()}
        skeleton={<SkeletonRows rows={9} />}
        empty={<SkeletonRows rows={9} />}
        errorText={errorText(markets.error)}
        onRetry={() => void markets.refetch()}
      >
        <Show when={market()}>
          {(known) => <TicketForm market={known()} side={props.side} onSent={() => props.onSent?.()} />}
        </Show>
      </PanelState>
    </section>
  );
}
