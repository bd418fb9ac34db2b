import { MARKETS, type MarketSymbol } from '#shared/markets.ts';

import type { Desk } from '../../data/desk.ts';
import { changePreferences, preferences } from '../../data/preferences.ts';
import { isCancellable } from '../../domain/orders.ts';
import type { Keys } from '../../domain/shortcuts.ts';
import { texts } from '../../i18n/index.ts';
import { openMarketPicker } from '../header/market-commands.ts';
import { openAssistant } from '../mikey/state.ts';
import { pageOfPath, pages, tradeHref, type PageName } from '../nav/pages.ts';
import { showNoticeHistory } from '../notices/state.ts';
import { ticketCommands } from '../ticket/ticket-commands.ts';
import { openFunds, openWalletDialog } from '../wallet/dialogs.ts';
import { openPalette, openShortcutSheet } from './state.ts';

export type CommandSection = 'ticket' | 'markets' | 'pages' | 'account' | 'settings' | 'terminal';

/** Something the trader can ask for by name or by key. The palette, the sheet of shortcuts and the keys all read this one list. */
export interface Command {
  readonly id: string;
  readonly section: CommandSection;
  readonly title: string;
  /** Other words under which it is looked for. */
  readonly keywords?: string;
  readonly keys?: Keys;
  /** The market it leads to, whose price stands beside it. */
  readonly symbol?: MarketSymbol;
  /** False where it makes no sense now: neither listed nor taken from its key. */
  readonly isOpen?: () => boolean;
  /** Its key works on the trade page alone: elsewhere a stray letter must not leave the page. */
  readonly tradePageKey?: boolean;
  /** Listed in the sheet, not in the palette: the way into the palette itself. */
  readonly sheetOnly?: boolean;
  readonly run: () => void;
}

/** What commands act on. */
export interface CommandContext {
  readonly desk: Desk;
  readonly path: () => string;
  readonly navigate: (href: string) => void;
}

const t = texts.commands;

const pageKeys: Record<PageName, Keys> = {
  trade: ['g', 't'],
  portfolio: ['g', 'p'],
  earn: ['g', 'e'],
  risk: ['g', 'r'],
  'track-record': ['g', 'm'],
  status: ['g', 'h'],
  settings: ['g', 's'],
};

const pageCommands = ({ navigate }: CommandContext): Command[] =>
  pages.map((page) => ({
    id: `page-${page.name}`,
    section: 'pages',
    title: t.goTo(page.label),
    keywords: t.pageKeywords[page.name],
    keys: pageKeys[page.name],
    run: () => navigate(page.href()),
  }));

const marketCommands = ({ navigate }: CommandContext): Command[] =>
  MARKETS.map(({ symbol, base }) => ({
    id: `market-${symbol}`,
    section: 'markets',
    title: symbol,
    keywords: `${t.marketNames[symbol]} ${base}`,
    symbol,
    run: () => navigate(`/trade/${symbol}`),
  }));

/** What fills in the ticket: from another page, the ticket of the last market comes first and takes the command when it is there. */
function ticketEntries({ path, navigate }: CommandContext): Command[] {
  const onTicket = (act: () => void) => () => {
    act();
    if (pageOfPath(path()) !== 'trade') navigate(tradeHref());
  };
  const entry = (id: keyof typeof t.ticket, key: string, act: () => void): Command => ({
    id: `ticket-${id}`,
    section: 'ticket',
    title: t.ticket[id],
    keywords: t.ticketKeywords[id],
    keys: [key],
    tradePageKey: true,
    run: onTicket(act),
  });
  return [
    entry('buy', 'b', () => ticketCommands.setSide('buy')),
    entry('sell', 's', () => ticketCommands.setSide('sell')),
    entry('market', 'm', () => ticketCommands.setOrderType('market')),
    entry('limit', 'l', () => ticketCommands.setOrderType('limit')),
    entry('stop', 't', () => ticketCommands.setOrderType('stop')),
    entry('size', 'q', () => ticketCommands.focusSize()),
  ];
}

/** Of a trader alone: fetched when it is asked for. */
const allAtOnce = () => import('../account/all-at-once.ts');

function accountCommands({ desk }: CommandContext): Command[] {
  const isVisitor = () => desk.stage() === 'visitor';
  const hasAccount = () => desk.stage() === 'ready';
  const entry = (id: keyof typeof t.account, isOpen: () => boolean, run: () => void): Command => ({
    ...{ id: `account-${id}`, section: 'account', title: t.account[id] },
    isOpen,
    run,
  });
  const hasPositions = () => (desk.own.account.positions?.length ?? 0) > 0;
  const hasOrders = () => desk.own.account.orders?.some(isCancellable) ?? false;
  return [
    entry('closeAll', hasPositions, () => void allAtOnce().then((all) => all.askToCloseAll(desk))),
    entry('cancelAll', hasOrders, () => void allAtOnce().then((all) => all.askToCancelAll(desk))),
    entry('connect', isVisitor, openWalletDialog),
    entry(
      'open',
      () => desk.stage() === 'signedIn',
      () => openFunds('open'),
    ),
    entry('deposit', hasAccount, () => openFunds('deposit')),
    entry('withdraw', hasAccount, () => openFunds('withdraw')),
    entry(
      'disconnect',
      () => !isVisitor(),
      () => void desk.leave(),
    ),
  ];
}

function settingCommands(): Command[] {
  const entry = (id: keyof typeof t.settings, isOpen: () => boolean, run: () => void): Command => ({
    ...{ id: `setting-${id}`, section: 'settings', title: t.settings[id], keywords: t.settingKeywords },
    isOpen,
    run,
  });
  const [of, set] = [preferences, changePreferences];
  return [
    entry(
      'dark',
      () => of().theme !== 'dark',
      () => set({ theme: 'dark' }),
    ),
    entry(
      'light',
      () => of().theme !== 'light',
      () => set({ theme: 'light' }),
    ),
    entry(
      'system',
      () => of().theme !== 'system',
      () => set({ theme: 'system' }),
    ),
    entry(
      'compact',
      () => of().density !== 'compact',
      () => set({ density: 'compact' }),
    ),
    entry(
      'comfortable',
      () => of().density !== 'comfortable',
      () => set({ density: 'comfortable' }),
    ),
    entry(
      'colourBlind',
      () => of().colours === 'standard',
      () => set({ colours: 'colour-blind' }),
    ),
    entry(
      'standardColours',
      () => of().colours !== 'standard',
      () => set({ colours: 'standard' }),
    ),
    entry(
      'confirmOrders',
      () => !of().confirmOrders,
      () => set({ confirmOrders: true }),
    ),
    entry(
      'sendAtOnce',
      () => of().confirmOrders,
      () => set({ confirmOrders: false }),
    ),
    entry(
      'soundOn',
      () => !of().sound,
      () => set({ sound: true }),
    ),
    entry(
      'soundOff',
      () => of().sound,
      () => set({ sound: false }),
    ),
  ];
}

/** The list of markets hangs in the head of a market; elsewhere the palette finds one. */
const searchMarkets = (): void => {
  if (!openMarketPicker()) openPalette('markets');
};

const terminalCommands = (): Command[] => [
  { id: 'palette', section: 'terminal', title: t.palette, keys: ['mod+k'], sheetOnly: true, run: () => openPalette() },
  {
    id: 'market-search',
    section: 'terminal',
    title: t.marketSearch,
    keys: ['/'],
    sheetOnly: true,
    run: searchMarkets,
  },
  { id: 'notifications', section: 'terminal', title: t.notifications, keys: ['n'], run: () => showNoticeHistory(true) },
  {
    ...{ id: 'assistant', section: 'terminal', title: t.assistant, keywords: t.assistantKeywords },
    ...{ keys: ['a'], run: openAssistant },
  },
  { id: 'shortcuts', section: 'terminal', title: t.shortcuts, keys: ['?'], run: openShortcutSheet },
];

/** The one list of everything that can be asked for, in the order in which it is shown. */
export const createCommands = (context: CommandContext): readonly Command[] => [
  ...ticketEntries(context),
  ...marketCommands(context),
  ...pageCommands(context),
  ...accountCommands(context),
  ...settingCommands(),
  ...terminalCommands(),
];

export const isCommandOpen = (command: Command): boolean => command.isOpen?.() ?? true;
