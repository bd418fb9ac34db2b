import { formatDecimal } from '#shared/money/decimal.ts';
import { divFloor } from '#shared/money/divide.ts';
import { ENTRY_VALUE_PER_QUOTE, QUOTE_DECIMALS, SIZE_DECIMALS } from '#shared/money/units.ts';
import type { MarketDto } from '#shared/protocol/market.ts';
import { For, type JSX } from 'solid-js';

import type { SizeUnit } from '../../domain/ticket/state.ts';
import { sizeOfShare } from '../../domain/ticket/summary.ts';
import { texts } from '../../i18n/index.ts';
import { SwapIcon } from '../../ui/icons.tsx';
import { AmountField } from './amount-field.tsx';
import type { Ticket } from './use-ticket.ts';

const shares = [25, 50, 75, 100] as const;
/** Digits of a USDC size: cents. */
const quotePlaces = 2;

/** How much: in the base asset or in USDC, typed or as a share of what is possible. */
export function SizeField(props: {
  readonly ticket: Ticket;
  readonly market: MarketDto;
  readonly invalid: boolean;
  readonly describedBy: string;
}): JSX.Element {
  const unit = () => props.ticket.state.sizeUnit;
  const unitName = () => (unit() === 'base' ? props.market.base : 'USDC');
  /** The size in the field's unit, as text for the field. */
  const sizeText = (size: bigint | null, as: SizeUnit): string => {
    const price = props.ticket.summary().tradePrice;
    if (size === null || size === 0n) return '';
    if (as === 'base') return formatDecimal(size, SIZE_DECIMALS);
    if (price === null) return '';
    const cent = 10n ** BigInt(QUOTE_DECIMALS - quotePlaces);
    const worth = divFloor(size * price, ENTRY_VALUE_PER_QUOTE);
    return formatDecimal(worth - (worth % cent), QUOTE_DECIMALS);
  };
  const switchUnit = () => {
    const sizeUnit = unit() === 'base' ? 'quote' : 'base';
    props.ticket.dispatch({ type: 'sizeUnit', sizeUnit, sizeText: sizeText(props.ticket.summary().size, sizeUnit) });
  };
  const fill = (sharePercent: number) => {
    const size = sizeOfShare(props.ticket.summary(), props.ticket.context(), sharePercent);
    props.ticket.dispatch({ type: 'share', sharePercent, sizeText: sizeText(size, unit()) });
  };
  return (
    <div class="grid grid-cols-1 gap-1.5">
      <AmountField
        label={texts.ticket.size}
        value={props.ticket.state.sizeText}
        onInput={(typed) => props.ticket.typeSize(typed)}
        invalid={props.invalid}
        describedBy={props.describedBy}
        testId="size"
        sends
        step={
          unit() === 'base'
            ? { decimals: SIZE_DECIMALS, places: props.market.size_decimals }
            : { decimals: QUOTE_DECIMALS, places: 0 }
        }
        inputRef={props.ticket.setSizeInput}
        unit={
          <button
            type="button"
            class="ticket-unit"
            aria-label={texts.ticket.sizeUnit(unitName())}
            data-testid="size-unit"
            onClick={switchUnit}
          >
            <span class="inline-block min-w-[2.4rem] text-right">{unitName()}</span>
            <SwapIcon size={13} />
          </button>
        }
      />
      <div class="grid grid-cols-4 gap-1.5">
        <For each={shares}>
          {(percent) => (
            <button
              type="button"
              class="button button-small text-ink-2"
              classList={{ 'button-chosen': props.ticket.state.sharePercent === percent }}
              aria-label={texts.ticket.shareLabel(percent)}
              disabled={(props.ticket.summary().sizeMax ?? 0n) === 0n}
              onClick={() => fill(percent)}
            >
              {texts.ticket.share(percent)}
            </button>
          )}
        </For>
      </div>
    </div>
  );
}
