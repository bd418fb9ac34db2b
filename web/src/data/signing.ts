import { createSignal } from 'solid-js';

/** A signature that waits for the trader's yes. */
export interface PendingSignature {
  readonly title: string;
  /** What signing allows, sentence by sentence, read from what is signed. */
  readonly summary: readonly string[];
  readonly walletName: string;
  /** What is signed, where it is no transaction. */
  readonly text?: string;
}

/** Thrown when the trader closed the summary instead of signing. */
export class SignatureDeclined extends Error {
  override readonly name = 'SignatureDeclined';
}

/** Shows what will be signed before any wallet is asked. One at a time. */
export function createSigning() {
  const [pending, setPending] = createSignal<PendingSignature | undefined>();
  let settle: ((signed: boolean) => void) | undefined;

  const answer = (signed: boolean) => {
    setPending(undefined);
    settle?.(signed);
    settle = undefined;
  };

  return {
    pending,
    accept: () => answer(true),
    decline: () => answer(false),
    /** Resolves once the trader agreed. @throws SignatureDeclined */
    confirm: async (request: PendingSignature): Promise<void> => {
      answer(false);
      const agreed = await new Promise<boolean>((resolve) => {
        settle = resolve;
        setPending(request);
      });
      if (!agreed) throw new SignatureDeclined('Nothing was signed.');
    },
  };
}

export type Signing = ReturnType<typeof createSigning>;
