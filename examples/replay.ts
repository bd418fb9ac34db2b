const answerMsMax = 5_000;

/** Tells the local price replay what to do next (`docs/localnet.md` lists the commands). Throws when it refuses. */
export async function controlReplay(hermesUrl: string, command: Record<string, unknown>): Promise<void> {
  const answer = await fetch(`${hermesUrl}/_control`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(command),
    signal: AbortSignal.timeout(answerMsMax),
  });
  if (!answer.ok) throw new Error(`the replay refused ${JSON.stringify(command)}: ${await answer.text()}`);
}
