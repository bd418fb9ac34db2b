import { texts } from '../i18n/index.ts';
import type { Notices } from './notices.ts';

/** What is told of a text that is in the clipboard now. */
interface Told {
  readonly title: string;
  readonly text: string;
}

/** Puts a text into the clipboard and tells so. A browser may forbid it, and has none on a page without a secure origin: that is told as well. */
export async function copyText(notices: Pick<Notices, 'show'>, text: string, told: Told): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    notices.show({ tone: 'warn', title: texts.common.notCopied, text: texts.common.notCopiedText });
    return;
  }
  notices.show({ tone: 'neutral', ...told });
}
