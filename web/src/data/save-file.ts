/** The address of a file may be given back once the browser has taken it. */
const releaseDelayMs = 10_000;

/** Hands the visitor a file made in this page. */
export function saveFile(name: string, text: string, type: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), releaseDelayMs);
}
