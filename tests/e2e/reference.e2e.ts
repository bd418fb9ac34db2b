import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { openBrowser } from '#support/browser.ts';
import { startExchange, type RunningExchange } from '#support/running-exchange.ts';
import { eventually } from '#support/examples/eventually.ts';
import { runPage } from '#support/examples/shell-page.ts';
import { ExampleTrader } from '#support/examples/trader.ts';
import type { EventValue, IndexedEvent } from '#shared/events.ts';
import { formatDecimal } from '#shared/money/decimal.ts';
import { base, newIdempotencyKey, times } from '#sdk/index.ts';
import axe from 'axe-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startHermes } from '../../local/hermes/server.ts';
import { controlReplay } from '../../examples/replay.ts';
import { createWallet } from '../../examples/wallet.ts';
import { ChainEvidence, defaultProgramId } from '../../scripts/verify/chain.ts';
import { VerificationFailure } from '../../scripts/verify/failure.ts';
import { HermesHistory } from '../../scripts/verify/hermes.ts';
import { isVerified, verdictLines, verifyEvent, verifySignature } from '../../scripts/verify/verify.ts';

const quickstart = readFileSync(new URL('../../docs/quickstart.md', import.meta.url), 'utf8');

let exchange: RunningExchange;

beforeAll(async () => {
  exchange = await startExchange();
});

afterAll(() => exchange?.close());

const laterTriesMax = 4;

/** Articles of a group are of one make: so many stand for all, and keep the examination short. */
const articlesPerGroup = 3;

/** Runs in the page. */
function keepSome(count: number): void {
  for (const group of document.querySelectorAll('section.group')) {
    for (const article of [...group.querySelectorAll('article')].slice(count)) {
      document.querySelector(`nav a[href="#${article.id}"]`)?.closest('li')?.remove();
      article.remove();
    }
  }
}

describe('the reference page', () => {
  test.each([
    { width: 1440, height: 900, colorScheme: 'dark' },
    { width: 1440, height: 900, colorScheme: 'light' },
    { width: 390, height: 844, colorScheme: 'dark' },
    { width: 390, height: 844, colorScheme: 'light' },
  ] as const)(
    'fits $width px in $colorScheme, breaks no rule of accessibility and nothing of its policy',
    async (look) => {
      const browser = await openBrowser(look);
      try {
        const page = await browser.context.newPage();
        const problems: string[] = [];
        page.on('pageerror', ({ message }) => problems.push(message));
        page.on('console', (message) => {
          if (message.type() === 'error') problems.push(message.text());
        });
        await page.goto(`${exchange.apiUrl}/docs`);
        const widths = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
        expect(widths[0]).toBe(widths[1]);
        await page.evaluate(axe.source);
        await page.evaluate(keepSome, articlesPerGroup);
        const { violations } = await page.evaluate(() => (window as unknown as { axe: typeof axe }).axe.run(document));
        expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.target.join(' ')}`)).toEqual([]);
        expect(problems).toEqual([]);
      } finally {
        await browser.close();
      }
    },
  );

  test('finds operations and errors by words, with a key, and shows the language that was chosen', async () => {
    const browser = await openBrowser({ width: 1440, height: 900 });
    try {
      const page = await browser.context.newPage();
      await page.goto(`${exchange.apiUrl}/docs`);
      await page.keyboard.press('/');
      await page.keyboard.type('cancelled');
      await expect.poll(() => page.locator('article:visible').count()).toBeLessThan(10);
      expect(await page.locator('#TRADING_007').isVisible()).toBe(true);
      expect(await page.locator('#get_health').isVisible()).toBe(false);
      await page.keyboard.press('Escape');
      await expect.poll(() => page.locator('#get_health').isVisible()).toBe(true);
      await page.locator('label[for=language-typescript]').click();
      expect(await page.locator('#get_health .curl').isVisible()).toBe(false);
      expect(await page.locator('#get_health .typescript').isVisible()).toBe(true);
    } finally {
      await browser.close();
    }
  });

  test('is sent once: a browser that has it is told so', async () => {
    const first = await fetch(`${exchange.apiUrl}/docs`);
    const etag = first.headers.get('etag') ?? '';
    expect(first.headers.get('content-security-policy')).toContain(
      "default-src 'none'; style-src 'self'; script-src 'self'",
    );
    const again = await fetch(`${exchange.apiUrl}/docs`, { headers: { 'if-none-match': etag } });
    expect([first.status, again.status]).toEqual([200, 304]);
  });
});

describe('npm run verify', () => {
  let trader: ExampleTrader;

  beforeAll(async () => {
    trader = new ExampleTrader(exchange.apiUrl);
    await trader.start();
  });

  const sources = () => ({ rpcUrl: exchange.rpcUrl, hermesUrl: exchange.hermesUrl, programId: defaultProgramId });

  /** Places a market order and answers the transaction that filled it. */
  async function fill(side: 'buy' | 'sell', quantity: string): Promise<string> {
    const terms = { symbol: 'SOL-PERP', side, order_type: 'market', leverage: times(10) } as const;
    const placed = await trader.client.orders.place({ ...terms, quantity: base(quantity) }, newIdempotencyKey());
    return eventually(async () => (await trader.client.orders.get(placed.order_id)).transaction_hash ?? undefined);
  }

  /** A busy machine may execute a second later than it could: then the next order is asked. */
  async function fillAtFirstPrice(side: 'buy' | 'sell', quantity: string): Promise<string> {
    return eventually(async () => {
      const signature = await fill(side, quantity);
      const verdicts = await verifySignature(signature, sources());
      expect(verdicts.flatMap(verdictLines).filter((line) => line.includes('✗'))).toEqual([]);
      return verdicts.every(({ isFirstEligible }) => isFirstEligible === true) ? signature : undefined;
    });
  }

  /** A price just past the liquidation price of the position there is: a part of it is liquidated. */
  async function liquidation(): Promise<string> {
    const [position] = await trader.client.positions.list();
    const past = position?.side === 'long' ? 9_995n : 10_005n;
    const usd = formatDecimal(((position?.liquidation_price ?? 0n) * past) / 10_000n, 8);
    await controlReplay(exchange.hermesUrl, { price: { base: 'SOL', usd } });
    try {
      return await eventually(async () => (await trader.client.history.liquidations()).items[0]?.transaction_hash);
    } finally {
      await controlReplay(exchange.hermesUrl, { price: { base: 'SOL', usd: null } });
    }
  }

  /** Fields that no arithmetic decides: who, which, numbers of streams, and money of others that an event only reports. */
  const reported =
    /^(marketSeq|accountSeq|positionSeq|commandSeq|openedSeq|owner|keeper|liquidator|delegated|orderId|collateral|worstPrice|oracle\.postedSlot|insurance(\.\w+)?|parameters\.(minLiquidationBps|minPositionNotional|keeperRewardMin)|marketAfter\.(reserved|backing|insuranceAccrued|treasuryAccrued|insuranceDebt|payoutsOwed))$/;

  /** Each field of an event by its way, with a copy of the event in which it is another value. */
  function* tampered(data: IndexedEvent['data'], way = ''): Generator<[string, EventValue]> {
    for (const [name, value] of Object.entries(data)) {
      const place = `${way}${name}`;
      // These count only multiplied: one unit of them may be lost in rounding to a unit of USDC.
      const step = /(Oi|Index|reserve)$/.test(name) ? 10n ** 15n : 1n;
      if (typeof value === 'bigint') yield [place, { ...data, [name]: value + step }];
      else if (typeof value === 'number') yield [place, { ...data, [name]: value + 1 }];
      else if (value === 'long' || value === 'short')
        yield [place, { ...data, [name]: value === 'long' ? 'short' : 'long' }];
      else if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
        for (const [inner, changed] of tampered(value as IndexedEvent['data'], `${place}.`)) {
          yield [inner, { ...data, [name]: changed }];
        }
      }
    }
  }

  /** Ways of fields whose change nobody noticed. */
  async function unnoticed(signature: string): Promise<string[]> {
    const chain = new ChainEvidence(exchange.rpcUrl, defaultProgramId);
    const hermes = new HermesHistory(exchange.hermesUrl);
    const { events } = await chain.transaction(signature);
    const missed: string[] = [];
    for (const event of events.filter(({ name }) => /^Position(Increased|Reduced|Liquidated)$/.test(name))) {
      for (const [place, data] of tampered(event.data)) {
        if (reported.test(place)) continue;
        const changed = { ...event, data: data as IndexedEvent['data'] };
        const passes = await verifyEvent(changed, chain, hermes).then(isVerified, (error: unknown) => {
          if (error instanceof VerificationFailure) return false;
          throw error;
        });
        if (passes) missed.push(`${event.name}.${place}`);
      }
    }
    return missed;
  }

  test('verifies an opening and a reduction to the last unit, and says that their price was the first', async () => {
    const opened = await fillAtFirstPrice('buy', '10');
    const reduced = await fillAtFirstPrice('sell', '4');
    expect(await unnoticed(opened)).toEqual([]);
    expect((await unnoticed(reduced)).filter((field) => !/marketAfter\.(long|short)Oi$/.test(field))).toEqual([]);
  });

  test('verifies a flip: a close and an opening at one price', async () => {
    const verdicts = await verifySignature(await fill('sell', '100'), sources());
    expect(verdicts.flatMap(verdictLines).filter((line) => line.includes('✗'))).toEqual([]);
    expect(verdicts).toHaveLength(2);
  });

  test('verifies a liquidation from its event, and notices every change of it', async () => {
    const signature = await liquidation();
    const verdicts = await verifySignature(signature, sources());
    expect(verdicts.flatMap(verdictLines).filter((line) => line.includes('✗'))).toEqual([]);
    expect((await unnoticed(signature)).filter((field) => !/marketAfter\.(long|short)Oi$/.test(field))).toEqual([]);
  });

  /** Ends with its exit code and what it said. */
  async function command(signature: string, hermesUrl = exchange.hermesUrl): Promise<[number | null, string]> {
    const flags = ['--rpc', exchange.rpcUrl, '--hermes', hermesUrl];
    const child = spawn(process.execPath, ['scripts/verify.ts', signature, ...flags]);
    let said = '';
    for (const output of [child.stdout, child.stderr]) output.on('data', (chunk) => (said += String(chunk)));
    const [code] = (await once(child, 'close')) as [number | null];
    return [code, said];
  }

  /** The first attempt is lost on its way, unless another transaction is: the order is executed at the price of a later second. */
  async function fillAtLaterPrice(): Promise<string> {
    for (let tries = 0; tries < laterTriesMax; tries++) {
      await controlReplay(exchange.rpcUrl, { drop_transactions: 1 });
      const signature = await fill('buy', '1');
      const verdicts = await verifySignature(signature, sources());
      if (verdicts.some(({ isFirstEligible }) => isFirstEligible === false)) return signature;
    }
    throw new Error('every order had its first price');
  }

  test('ends with 0 where all is right, 1 where a figure differs, 2 where it cannot say, 3 where the price came later', async () => {
    const other = await startHermes();
    try {
      other.control({ price: { base: 'SOL', usd: '1' } });
      const first = await fillAtFirstPrice('buy', '1');
      expect(await command(first)).toEqual([0, expect.stringMatching(/^Verified\.$/m)]);
      expect(await command(first, other.url)).toEqual([1, expect.stringMatching(/✗ price .*\n[^]*^Not verified/m)]);
    } finally {
      await other.close();
    }
    expect(await command('1'.repeat(88))).toEqual([2, expect.stringContaining('knows no transaction')]);
    expect(await command('no signature')).toEqual([2, expect.stringContaining('npm run verify')]);
    const later = await fillAtLaterPrice();
    expect(await command(later)).toEqual([3, expect.stringContaining('not the first eligible one')]);
  });

  test('says of an unknown transaction that it cannot be verified', async () => {
    const unknown = '5VERv8NMvzbJMEkV8xnrLkEaWRtSz9CosKDYjCJjBRnbJLgp8uirBgmQpjKhoR4tjF3ZpRzrFmBV6UjKdiSZkQUW';
    await expect(verifySignature(unknown, sources())).rejects.toThrow(VerificationFailure);
  });
});

describe('the running worker', () => {
  /** A client that announces more than it sends, and leaves. */
  const leaveInTheMiddle = async (path: string): Promise<void> => {
    const { hostname, port } = new URL(exchange.apiUrl);
    const client = connect(Number(port), hostname);
    client.on('error', () => undefined);
    client.write(
      `POST ${path} HTTP/1.1\r\nHost: ${hostname}\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{`,
    );
    await sleep(200);
    client.destroy();
  };

  test('goes on for the others when clients leave in the middle of a request', async () => {
    const socket = new WebSocket(`${exchange.apiUrl.replace('http', 'ws')}/ws/market/SOL-PERP`);
    let closed = false;
    socket.addEventListener('close', () => (closed = true));
    await once(socket, 'open');
    await Promise.all(Array.from({ length: 20 }, () => leaveInTheMiddle('/api/auth/nonce')));
    await sleep(1_000);
    expect((await fetch(`${exchange.apiUrl}/health`)).status).toBe(200);
    expect(closed).toBe(false);
    socket.close();
  });
});

describe('docs/quickstart.md', () => {
  test('leads from nothing to a verified position and a verified liquidation, as it stands', async () => {
    const printed = await runPage(quickstart, {
      'http://127.0.0.1:8787': exchange.apiUrl,
      'http://127.0.0.1:8890': exchange.hermesUrl,
      'http://127.0.0.1:8899': exchange.rpcUrl,
    });
    expect(printed).toContain('"status": "filled"');
    expect(printed).toContain('"outcome": "done"');
    expect(printed).toContain('PositionLiquidated');
    expect(printed.match(/^(Verified\.|Every figure is right)/gm)).toHaveLength(2);
  });
});

describe('npm run admin, as the runbooks use it', () => {
  const admin = async (...args: string[]): Promise<{ code: number | null; output: string }> => {
    const where = ['--api', exchange.apiUrl, '--state-dir', exchange.stateDir];
    const child = spawn(process.execPath, ['scripts/admin.ts', ...where, ...args]);
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, output };
  };

  test('switches an operation of a market by a signature over that request alone, and the record names it', async () => {
    const path = '/api/admin/markets/ETH-PERP/switches';
    const body = { operation: 'open', off: true, reason: 'oracle under review' };
    const { code, output } = await admin('PUT', path, JSON.stringify(body));
    expect(code, output).toBe(0);
    expect(JSON.parse(output)).toContainEqual(expect.objectContaining(body));
    const records = await admin('GET', '/api/admin/actions?limit=1');
    expect(JSON.parse(records.output)).toMatchObject([{ target: 'ETH-PERP', details: body }]);
    expect(await admin('GET', '/api/admin/nothing')).toMatchObject({ code: 1 });
  });

  test('uses a role of the program: the status of a market, and who may sign trades', async () => {
    const params = { symbol: 'ETH-PERP', status: 'reduce_only' };
    const request = JSON.stringify({ action: 'set_market_status', params });
    expect(await admin('POST', '/api/admin/transactions', request)).toMatchObject({ code: 0 });
    const { address } = createWallet();
    for (const change of ['add-keeper', 'remove-keeper'])
      expect(await admin(change, address)).toMatchObject({
        code: 0,
        output: expect.stringContaining('landed') as unknown,
      });
    expect((await admin('remove-keeper', address)).code).toBe(1);
    await expect
      .poll(async () => (await fetch(`${exchange.apiUrl}/api/market/markets`)).text())
      .toContain('reduce_only');
  });
});
