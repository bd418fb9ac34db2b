import { createSignal } from 'solid-js';

export type FundsDialog = 'open' | 'deposit' | 'withdraw';

const [walletOpen, setWalletOpen] = createSignal(false);
const [funds, setFunds] = createSignal<FundsDialog | undefined>();

/** Which dialog of the wallet is open: reachable from the header, the ticket and the account panel. */
export const isWalletDialogOpen = walletOpen;
export const openWalletDialog = (): void => void setWalletOpen(true);
export const closeWalletDialog = (): void => void setWalletOpen(false);

export const fundsDialog = funds;
export const openFunds = (dialog: FundsDialog): void => void setFunds(dialog);
export const closeFunds = (): void => void setFunds(undefined);
