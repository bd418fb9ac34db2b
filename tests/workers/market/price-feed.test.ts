import { afterEach, describe, expect, inject, it } from 'vitest';
import { marketOf } from '#shared/markets.ts';
import { systemClock } from '../../../workers/platform/clock.ts';
import { silentLogger } from '../../../workers/platform/logger.ts';
import type { FeedUpdate } from '../../../workers/market/hermes-update.ts';
import { PriceFeed } from '../../../workers/market/price-feed.ts';
import { controlHermes, resetHermes, until } from './hermes-control.ts';

const SOL = marketOf('SOL-PERP');
const open: PriceFeed[] = [];

/** A feed of the running Hermes whose delays are cut short by the random source. */
function feedOf(url = inject('workerVariables').HERMES_URL ?? ''): { feed: PriceFeed; updates: FeedUpdate[] } {
  const updates: FeedUpdate[] = [];
  const feed = new PriceFeed({
    url,
    apiKey: undefined,
    feedId: SOL.feedId,
    clock: systemClock,
    logger: silentLogger,
    onUpdate: (update) => updates.push(update),
    random: () => 0.5,
  });
  open.push(feed);
  feed.ensure();
  return { feed, updates };
}

const countFrom = (updates: FeedUpdate[], more: number) => {
  const wanted = updates.length + more;
  return () => updates.length >= wanted;
};

afterEach(async () => {
  await Promise.all(open.splice(0).map((feed) => feed.stop()));
  await resetHermes();
});

describe('PriceFeed against a real Hermes server', () => {
  it('streams the prices of its feed, several per second', async () => {
    const { feed, updates } = feedOf();
    await until('five updates', countFrom(updates, 5));
    expect(feed.state).toBe('live');
    expect(updates.every((update) => update.price > 0n && update.exponent === -8)).toBe(true);
  });

  it('comes back by itself after a cut connection', async () => {
    const { updates } = feedOf();
    await until('a first update', countFrom(updates, 1));
    await controlHermes({ drop: true });
    await until('updates after the cut', countFrom(updates, 4));
  });

  it('comes back by itself after answers of 503, and says that it is down meanwhile', async () => {
    const { feed, updates } = feedOf();
    await until('a first update', countFrom(updates, 2));
    await controlHermes({ mode: 'unavailable', drop: true });
    await until('the feed is down', () => feed.state === 'down');
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await controlHermes({ mode: 'ok' });
    await until('updates after the outage', countFrom(updates, 3));
    expect(feed.state).toBe('live');
  });

  it('an open connection that says nothing is shown as silent, ended and opened anew', async () => {
    const { feed, updates } = feedOf();
    await until('a first update', countFrom(updates, 2));
    await controlHermes({ mode: 'silent' });
    await until('the feed is silent', () => feed.state === 'silent');
    // The watchdog ends the connection after 10 s; the latest price comes over REST with the next one.
    const received = updates.length;
    await until('a price over REST while the stream is silent', () => updates.length > received, 20_000);
    await controlHermes({ mode: 'ok' });
    await until('updates after the silence', countFrom(updates, 3));
  });

  it('a server that cannot be reached leaves it connecting, and stopping ends it', async () => {
    const { feed, updates } = feedOf('http://127.0.0.1:1');
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(feed.state).toBe('connecting');
    expect(updates).toEqual([]);
    await feed.stop();
  });
});
