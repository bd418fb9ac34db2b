/** Texts of the ways in and of the windows that move money. */
export const en = {
  onboarding: {
    title: 'Start trading with test funds',
    steps: {
      wallet: 'Make a demo wallet in this browser',
      signIn: 'Prove the wallet by signing in',
      faucet: 'Receive 10,000 test USDC and 1 test SOL',
      account: 'Open the account, deposit 5,000 USDC, let the exchange execute your orders',
    },
    willSign:
      'The demo wallet signs twice for you: the sign-in text and one transaction. The transaction lets the exchange place and close trades for this account; the exchange can never withdraw.',
    signed: 'Signed',
    again: 'Try again',
    done: 'Ready. Your account holds 5,000 test USDC.',
    found: (equity: string) =>
      `This browser’s demo wallet has an account already, worth ${equity} test USDC. Nothing was drawn or moved.`,
    trade: 'Go to the ticket',
    status: { waiting: 'Waiting', running: 'In progress', done: 'Done', failed: 'Failed' },
  },
  funds: {
    depositTitle: 'Deposit USDC',
    withdrawTitle: 'Withdraw USDC',
    depositText: 'From your wallet into your trading account.',
    withdrawText: 'Free collateral back into your wallet. Margin stays with its positions.',
    openTitle: 'Open a trading account',
    openText:
      'One transaction opens the account on chain, deposits, and lets the exchange execute your orders. It can never withdraw.',
    amount: 'Amount',
    max: 'Max',
    freeNow: 'Free now',
    faucet: 'Get test funds',
    faucetDone: '10,000 test USDC and 1 test SOL are in your wallet.',
    confirm: 'Review and sign',
    working: 'Waiting for confirmation',
    done: (amount: string) => `${amount} USDC moved`,
    queued: (amount: string) =>
      `${amount} USDC wait for their turn: only so much may leave the exchange in a day. It is paid to your wallet by itself.`,
    waiting: 'Withdrawal waiting',
    waitingHint:
      'Only so much may leave the exchange in a day, net of what comes in. What waits is paid to your wallet in the order it was asked for, by anyone who executes it.',
    cancelTitle: 'Take a withdrawal back',
    cancelDone: 'It is collateral again.',
    openAlready: 'Your account is open already. What you sign now is a deposit.',
    amountMissing: 'Enter an amount',
    amountTooLarge: 'More than is free',
    failed: 'Not moved',
  },
} as const;
