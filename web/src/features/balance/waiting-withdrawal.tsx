import { useQuery } from '@tanstack/solid-query';
import { Show, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { deferred } from '../../ui/deferred.tsx';

const HeldWithdrawal = deferred(() => import('./held-withdrawal.tsx').then((module) => module.HeldWithdrawal));

/** A withdrawal that the exchange's outflow limit holds back. Nothing where none waits. */
export function WaitingWithdrawal(): JSX.Element {
  const desk = useDesk();
  const address = () => desk.session.address();
  const waiting = useQuery(() => ({
    ...desk.queries.withdrawal(address() ?? ''),
    enabled: address() !== undefined && desk.stage() === 'ready',
  }));
  return <Show when={waiting.data?.amount ?? undefined}>{(amount) => <HeldWithdrawal amount={amount()} />}</Show>;
}
