const nameWidth = 22;

/** One line of a check: what it is, and what was seen or has to be done. */
export function showResult({
  name,
  ok,
  text,
}: {
  readonly name: string;
  readonly ok: boolean;
  readonly text: string;
}): void {
  console.log(`  ${ok ? '✓' : '✗'} ${name.padEnd(nameWidth)} ${text}`);
}
