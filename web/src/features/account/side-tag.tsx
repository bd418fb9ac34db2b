import type { JSX } from 'solid-js';

import { texts } from '../../i18n/index.ts';

const names = {
  buy: texts.common.buy,
  sell: texts.common.sell,
  long: texts.common.long,
  short: texts.common.short,
} as const;

/** Direction in word and colour. */
export function SideTag(props: { readonly side: keyof typeof names }): JSX.Element {
  return (
    <span class="tag" data-tone={props.side === 'buy' || props.side === 'long' ? 'up' : 'down'}>
      {names[props.side]}
    </span>
  );
}
