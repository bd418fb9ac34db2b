import { ChannelRecord, type SeenMessage } from './channel-record.ts';
import { type Faults, Listener, noFaults } from './listener.ts';

/**
 * Many clients in a process of their own. Arguments: address, number of sockets, channels. Says `ready` to its parent, and its report when it
 * is told to stop.
 */
export interface ListenersReport {
  readonly faults: Faults;
  /** Sockets that got other bytes under a number than the others did. */
  readonly differing: number;
  readonly channels: Readonly<Record<string, readonly SeenMessage[]>>;
}

/** Opened at a time, so that the server's backlog is not the test. */
const openingMax = 25;

const [url = '', count = '0', names = ''] = process.argv.slice(2);
const channels = names.split(',');
const records = new Map(channels.map((channel) => [channel, new ChannelRecord()]));
const faults = noFaults();
const listeners: Listener[] = [];

while (listeners.length < Number(count)) {
  const batch = Array.from(
    { length: Math.min(openingMax, Number(count) - listeners.length) },
    () => new Listener({ url, channels, records, faults }),
  );
  listeners.push(...batch);
  await Promise.all(batch.map((listener) => listener.ready));
}
process.send?.('ready');

process.once('message', () => {
  const report: ListenersReport = {
    faults: { ...faults },
    differing: [...records.values()].reduce((sum, record) => sum + record.differing, 0),
    channels: Object.fromEntries([...records].map(([channel, record]) => [channel, record.messages()])),
  };
  for (const listener of listeners) listener.close();
  process.once('disconnect', () => process.exit(0));
  process.send?.(report);
});
