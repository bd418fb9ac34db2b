import type { ControlCommand } from '../../../local/hermes/controls.ts';

/** Commands to the replay that prices come from. */
export function hermesControl(hermesUrl: string) {
  const send = async (command: ControlCommand): Promise<void> => {
    const answer = await fetch(`${hermesUrl}/_control`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(command),
    });
    if (!answer.ok) throw new Error(`the replay refuses: ${await answer.text()}`);
  };
  return {
    send,
    /** A price of the test's choosing in place of the tape's; null goes back to the tape. */
    setPrice: (base: 'BTC' | 'ETH' | 'SOL', usd: number | null) =>
      send({ price: { base, usd: usd === null ? null : String(usd) } }),
  };
}
