/** The page on a real hub: people who sign in, and what lies behind the page. */
import { expect, type Page } from '@playwright/test';
import { readFileSync, readdirSync } from 'fs';

import { SERVICE } from './places';

/** Milliseconds for what runs in a process of its own, also on a machine that is busy with more. */
export const LONG = 90_000;

/** Open the page as somebody who is not signed in yet, and sign in on the way. */
export async function enter(page: Page, name: string, query = ''): Promise<void> {
  await page.goto(SERVICE + query);
  await page.locator('#username_input').fill(name);
  await page.locator('#login_submit').press('Enter');
  await expect(page.locator('#ask')).toBeVisible();
}

/** JupyterLab stands open in a crate, at its first notebook. */
export async function expectLab(page: Page, notebook: string): Promise<void> {
  await expect(page).toHaveURL(new RegExp(`/user/.*/lab/tree/${notebook}`), { timeout: LONG });
  const tab = page.locator('.lm-DockPanel-tabBar').getByRole('tab', { name: notebook });
  await expect(tab).toBeVisible({ timeout: LONG });
}

/** Ids of the processes whose command holds all of these words. */
export function processes(...words: string[]): number[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .filter(id => {
      try {
        const command = readFileSync(`/proc/${id}/cmdline`, 'utf8');
        return words.every(word => command.includes(word));
      } catch {
        return false; // it has ended meanwhile
      }
    })
    .map(Number);
}
