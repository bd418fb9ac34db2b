/** The address of a file may be given back once the browser has taken it. */
const releaseDelayMs = 10_000;

/** Hands the visitor a text file made in this page. */
export const saveFile = (name: string, text: string, type: string): void =>
  saveBlob(name, new Blob([text], { type: `${type};charset=utf-8` }));

/** Hands the visitor a file made in this page. */
export function saveBlob(name: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), releaseDelayMs);
}
