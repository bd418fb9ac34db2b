const answerMsMax = 20_000;

/** The exchange's own figures at one moment, by name; series of a name added up. */
export async function readGauges(url: string): Promise<Readonly<Record<string, number>>> {
  const answer = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(answerMsMax) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`/metrics answers ${answer.status}: ${text}`);
  return sumsOf(text);
}

/** Sums of Prometheus text, by name. */
export function sumsOf(text: string): Readonly<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const line of text.split('\n')) {
    const [, name, value] = /^(\w+)(?:\{[^}]*\})? (\S+)/.exec(line) ?? [];
    if (name !== undefined) sums[name] = (sums[name] ?? 0) + Number(value);
  }
  return sums;
}
