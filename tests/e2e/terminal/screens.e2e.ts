import { unfitWhenLonger } from '#support/terminal/longer-language.ts';
import { openScreen, phone, type Screen } from '#support/terminal/screen.ts';
import { shiftsOf, watchShifts } from '#support/terminal/shifts.ts';
import { smallTargets } from '#support/terminal/small-targets.ts';
import { bringTo, plansFor } from '#support/terminal/screens.ts';
import { tradeAs } from '#support/terminal/trade-as.ts';
import { unnamedRows } from '#support/terminal/unnamed-rows.ts';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';

const terminal = inject('terminal');

/** Each width in one theme: what themes differ in, their colours, `tokens.test.ts` holds to its contrast. `npm run screens` pictures them all. */
const looks = [
  { on: 'a desktop', colorScheme: 'dark', width: 1440, height: 900 },
  { on: 'a phone', colorScheme: 'light', ...phone },
] as const;

/** Something of everything, so that no table is empty. */
async function fillAccount(screen: Screen): Promise<void> {
  const order = (terms: object) => tradeAs(screen.page, terminal.apiUrl, { symbol: 'SOL-PERP', side: 'buy', ...terms });
  await order({ order_type: 'market', quantity: 4, leverage: 5 });
  await order({ order_type: 'limit', quantity: 1, price: 90, leverage: 2 });
}

describe.each(looks)('on $on in $colorScheme', ({ on: _on, ...look }) => {
  let screen: Screen;
  let isTrader = false;
  beforeAll(async () => {
    screen = await openScreen({ url: terminal.webUrl, ...look });
    await watchShifts(screen.page);
  });
  afterAll(() => screen?.close());

  test.each(plansFor(look.width))(
    '$name breaks no rule of accessibility, fits the width in a longer language too, moves nothing that was shown, names the rows of its tables, and a thumb meets everything on it',
    async (plan) => {
      if (plan.as === 'trader' && !isTrader) {
        await screen.goto('/trade/SOL-PERP');
        await screen.startDemo();
        await fillAccount(screen);
        isTrader = true;
      }
      await bringTo(screen, plan);
      // Figures live: while prices move and others trade, one may get longer in its own place.
      if (plan.open === undefined)
        expect((await shiftsOf(screen.page)).filter(({ isInPlace }) => !isInPlace)).toEqual([]);
      await screen.isAccessible();
      expect(await unnamedRows(screen.page)).toEqual([]);
      expect(await unfitWhenLonger(screen.page)).toEqual([]);
      if (look.width === phone.width) expect(await smallTargets(screen.page)).toEqual([]);
    },
  );

  test('no screen met an error, a failed request or a breach of the policy', () => {
    // A page that is left while its sockets open closes them.
    screen.metNoProblem(/WebSocket connection to .* failed/);
  });
});
