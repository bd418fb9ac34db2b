import { ApiError, newIdempotencyKey, type QuantDeskClient } from '#sdk/index.ts';
import type { OrderDto } from '#shared/protocol/orders.ts';
import { createStore, reconcile } from 'solid-js/store';

import { isAnswerLost, nextQuestion, type CommandStage } from '../domain/command-outcome.ts';
import type { Notice } from '../domain/notices.ts';
import { texts } from '../i18n/index.ts';
import { errorText } from './error-text.ts';

/** A command of the trader's that the exchange has not answered yet. */
export interface PendingCommand {
  /** Its idempotency key. */
  readonly id: string;
  /** What it is about: the id of a position or of an order. */
  readonly subject: string;
  readonly stage: CommandStage;
}

export interface Command {
  readonly subject: string;
  /** Title of the notice where it fails. */
  readonly failed: string;
  /** The key it was sent under before, where nobody knows what became of that: sent again it still has one effect. */
  readonly key?: string;
  /** Sends it under the given key; asked for again under the same key it has one effect. */
  readonly send: (idempotencyKey: string) => Promise<OrderDto | readonly OrderDto[]>;
}

interface CommandParts {
  readonly client: Pick<QuantDeskClient, 'orders'>;
  readonly learnOrder: (order: OrderDto) => void;
  readonly show: (notice: Notice) => void;
}

/** A command that nobody answered stays marked this long. */
const unknownShownMs = 30_000;

/** Nothing became of a command: the exchange's words where it said why. */
const absenceText = (cause: unknown): string =>
  cause instanceof ApiError && cause.status > 0 ? errorText(cause) : texts.inFlight.absent;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Commands on their way, so that a row can say so. Each is sent under a key of its own; where the answer is lost, the exchange is asked by
 * that key what became of it, and nothing is sent twice.
 */
export function createCommands({ client, learnOrder, show }: CommandParts) {
  const [pending, setPending] = createStore<Record<string, PendingCommand | undefined>>({});
  /** Forgotten with its wallet: nothing more is told of it. */
  const isGone = (id: string): boolean => pending[id] === undefined;

  const learn = (orders: OrderDto | readonly OrderDto[]): readonly OrderDto[] => {
    const list: readonly OrderDto[] = Array.isArray(orders) ? orders : [orders as OrderDto];
    for (const order of list) learnOrder(order);
    return list;
  };

  const fail = (id: string, title: string, text: string): undefined => {
    if (isGone(id)) return undefined;
    setPending(id, undefined);
    show({ tone: 'warn', title, text });
    return undefined;
  };

  /** Asks by the key until the outcome is known, within a bound. */
  const ask = async (id: string, command: Command, cause: unknown): Promise<readonly OrderDto[] | undefined> => {
    let absences = 0;
    for (let asked = 0; ; asked++) {
      const question = nextQuestion(asked, absences);
      if (question.kind === 'absent') return fail(id, command.failed, absenceText(cause));
      if (question.kind === 'giveUp') break;
      await pause(question.afterMs);
      if (isGone(id)) return undefined;
      try {
        const told = await client.orders.command(id);
        if (isGone(id)) return undefined;
        if (told.outcome === 'refused') return fail(id, command.failed, told.error?.message ?? '');
        if (told.outcome === 'running') continue;
        setPending(id, undefined);
        return learn(told.orders);
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) absences += 1;
      }
    }
    if (isGone(id)) return undefined;
    setPending(id, (held) => held && { ...held, stage: 'unknown' });
    show({ tone: 'warn', title: texts.inFlight.lostTitle, text: texts.inFlight.lost });
    setTimeout(() => {
      if (pending[id]?.stage === 'unknown') setPending(id, undefined);
    }, unknownShownMs);
    return undefined;
  };

  return {
    /** The command on its way for a position or an order, the latest of several. */
    of: (subject: string): PendingCommand | undefined =>
      Object.values(pending).findLast((command) => command?.subject === subject),
    /** The wallet has left: what is on its way goes on at the exchange, and is told to whoever signs in with that wallet again. */
    forget: (): void => setPending(reconcile({})),
    /** Sends a command. @returns the orders it concerned; undefined where it failed or is not known, which has been told then. */
    run: async (command: Command): Promise<readonly OrderDto[] | undefined> => {
      const id = command.key ?? newIdempotencyKey();
      setPending(id, { id, subject: command.subject, stage: 'sending' });
      try {
        const orders = await command.send(id);
        if (isGone(id)) return undefined;
        setPending(id, undefined);
        return learn(orders);
      } catch (error) {
        if (isGone(id) || !isAnswerLost(error)) return fail(id, command.failed, errorText(error));
        setPending(id, (held) => held && { ...held, stage: 'asking' });
        return ask(id, command, error);
      }
    },
  };
}

export type Commands = ReturnType<typeof createCommands>;
