import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';

/** Places an order as the trader who is signed in to a tab, beside the tab. @throws when the exchange refuses it. */
export async function tradeAs(page: Page, apiUrl: string, order: object): Promise<void> {
  const session = await page.evaluate(() => localStorage.getItem('quantdesk.session') ?? '{}');
  const { token } = JSON.parse(session) as { token: string };
  const answer = await fetch(`${apiUrl}/api/trading/orders`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': randomUUID() },
    body: JSON.stringify(order),
  });
  if (answer.status !== 201) throw new Error(`the order is refused: ${await answer.text()}`);
}
