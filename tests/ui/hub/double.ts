/** The page before the contract's double: in each state at once, without a hub behind it. */
import { test as base, type Page } from '@playwright/test';
import { randomUUID } from 'crypto';

import { DOUBLE } from './places';

export const test = base.extend<{ failures: string[] }>({
  // Each test is a person of its own, so that it has launches of its own.
  context: async ({ context }, use) => {
    const { origin } = new URL(DOUBLE);
    await context.addCookies([{ name: 'double-user', value: randomUUID(), url: origin }]);
    await use(context);
  },
  /** What the browser complained of: a policy that was broken, an error nobody caught. */
  failures: [
    async ({ page }, use) => {
      const failures: string[] = [];
      page.on('pageerror', error => failures.push(String(error)));
      page.on('console', message => {
        if (/Content Security Policy|Uncaught/.test(message.text())) {
          failures.push(message.text());
        }
      });
      await use(failures);
      base.expect(failures).toEqual([]);
    },
    { auto: true }
  ]
});

/** Open the page; with a state, its crate is looked up at once. */
export async function open(page: Page, state?: string): Promise<void> {
  await page.goto(state ? `${DOUBLE}?crate=10.5072/${state}` : DOUBLE);
}

/** Open the page on a crate and relaunch it. */
export async function relaunch(page: Page, state: string): Promise<void> {
  await open(page, state);
  await page.locator('#crate button').click();
}
