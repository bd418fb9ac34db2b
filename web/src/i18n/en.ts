import { en as account } from './en-account.ts';
import { en as market } from './en-market.ts';
import { en as shell } from './en-shell.ts';
import { en as start } from './en-start.ts';
import { en as ticket } from './en-ticket.ts';

/** The English texts that the terminal shows at once; those of single pages are in `pages.ts`. Functions take what varies, already formatted. */
export const en = {
  common: {
    appName: 'QuantDesk',
    buy: 'Buy',
    sell: 'Sell',
    long: 'Long',
    short: 'Short',
    close: 'Close',
    cancel: 'Cancel',
    retry: 'Try again',
    loading: 'Loading',
    failed: 'This could not be loaded',
    unexpected: 'Something went wrong in this page. Reload it; nothing was sent twice.',
    copied: 'Copied',
    notCopied: 'Not copied',
    notCopiedText: 'This browser does not let the page copy.',
    notFound: 'This page does not exist',
    backToTrading: 'Back to trading',
    months: ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'],
  },
  ...account,
  ...market,
  ...shell,
  ...start,
  ...ticket,
} as const;
