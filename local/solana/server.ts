import type { Server } from 'node:http';
import { closeServer, listen, loopback } from '../http/listen.ts';
import { feeds } from '../tape/feeds.ts';
import { LocalChain, type ProgramInstallation } from './chain.ts';
import { applyControl, type ControlCommand } from './control.ts';
import { Faults } from './faults.ts';
import { rpcServer } from './http.ts';
import { PriceAccounts } from './price-accounts.ts';
import { followPrices } from './price-stream.ts';
import { startSlots } from './slot-timer.ts';
import { Sockets } from './sockets.ts';
import { Store } from './store.ts';
import { Subscriptions } from './subscriptions.ts';

/** What a local Solana is started with. */
export interface LocalSolanaOptions {
  /** RPC port on loopback; the WebSocket takes the next one. 0 takes a free pair. */
  readonly port: number;
  /** Folder of the chain's state; undefined keeps it in memory. */
  readonly stateDir: string | undefined;
  /** Base URL of the Hermes whose prices the price accounts follow; undefined writes none. */
  readonly hermes: string | undefined;
  readonly programs: readonly ProgramInstallation[];
  readonly slotMs: number;
  /** The state could not be written; the process must end. */
  readonly onBroken: (error: unknown) => void;
}

export const localSolanaDefaults: LocalSolanaOptions = {
  port: 8899,
  stateDir: undefined,
  hermes: undefined,
  programs: [],
  slotMs: 400,
  onBroken: () => undefined,
};

/** A running local Solana. */
export interface LocalSolana {
  readonly url: string;
  readonly webSocketUrl: string;
  readonly port: number;
  /** The control endpoint without HTTP. */
  control(command: ControlCommand): void;
  state(): Record<string, unknown>;
  close(): Promise<void>;
}

/** Starts the chain and its RPC on loopback. Rejects when a port is taken or the state is held by another server. */
export async function startLocalSolana(options: Partial<LocalSolanaOptions> = {}): Promise<LocalSolana> {
  const settings = { ...localSolanaDefaults, port: 0, ...options };
  const store = new Store(settings.stateDir);
  const faults = new Faults();
  try {
    const chain = new LocalChain({ store, programs: settings.programs, now: Date.now, onBroken: settings.onBroken });
    const subscriptions = new Subscriptions(chain);
    chain.watch(subscriptions);
    const sockets = new Sockets(subscriptions, faults);
    const control = (command: ControlCommand) => applyControl(chain, faults, command, () => sockets.terminate());
    const prices = startPrices(settings.hermes, chain, faults);
    const state = () => ({
      ...{ slot: chain.slot, time: chain.latest.time, transactions: store.lastOrdinal() },
      ...{ sockets: sockets.count, subscriptions: subscriptions.count, hermes: prices.state(), faults: { ...faults } },
    });
    const rpc = rpcServer({ chain, faults }, { apply: control, state });
    const port = await listenOnPair(rpc, sockets.server, settings.port);
    const stopSlots = startSlots(
      settings.slotMs,
      () => faults.slotsPaused,
      () => chain.advance(),
    );
    const close = async () => {
      stopSlots();
      await prices.stop();
      sockets.terminate();
      await Promise.all([closeServer(rpc), closeServer(sockets.server)]);
      store.close();
    };
    return {
      url: `http://${loopback}:${port}`,
      webSocketUrl: `ws://${loopback}:${port + 1}`,
      port,
      control,
      state,
      close,
    };
  } catch (error) {
    store.close();
    throw error;
  }
}

function startPrices(hermes: string | undefined, chain: LocalChain, faults: Faults) {
  const feedIds = feeds.map(({ id }) => id);
  const accounts = new PriceAccounts(chain, feedIds);
  const stopped = new AbortController();
  let state = hermes === undefined ? 'off' : 'connecting';
  const following =
    hermes === undefined
      ? Promise.resolve()
      : followPrices(
          {
            hermes,
            feedIds,
            onPrice: (price) => {
              if (faults.followPrices) accounts.accept(price);
            },
            onState: (next) => {
              state = next === 'connected' ? next : `lost: ${next.lost}`;
            },
          },
          stopped.signal,
        );
  return {
    state: () => state,
    stop: async () => {
      stopped.abort();
      await following;
    },
  };
}

const portAttemptsMax = 20;

/**
 * Listens on a port and the one after it, where clients look for the socket server; 0 finds a pair, which is held from the moment it is
 * found. Answers the first. @throws the system's error where a port is taken.
 */
async function listenOnPair(rpc: Server, sockets: Server, wanted: number): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    const port = await listen(rpc, wanted);
    try {
      await listen(sockets, port + 1);
      return port;
    } catch (error) {
      await closeServer(rpc);
      if (wanted !== 0 || attempt === portAttemptsMax) throw error;
    }
  }
}
