/** The page on a real hub: people who sign in, and what lies behind the page. */
import { expect, type Page } from '@playwright/test';

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

/** The first cell gives what was recorded, run by a kernel of the crate. */
export async function runs(page: Page, output: string): Promise<void> {
  const kernel = page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]');
  await expect(kernel).toBeAttached({ timeout: LONG }); // a narrow toolbar keeps it in its menu
  const prompt = page.locator('.jp-OutputPrompt, .jp-InputPrompt').first();
  await expect(async () => {
    // The sign is idle also before there is a kernel; a cell that is run then is only cleared.
    await page.locator('.jp-Notebook .jp-InputArea-editor').first().click();
    await page.keyboard.press('Shift+Enter');
    await expect(prompt).not.toContainText('[ ]', { timeout: 2000 });
  }).toPass({ timeout: LONG });
  await expect(prompt).toContainText(/\[\d\]/, { timeout: LONG });
  await expect(page.locator('.jp-OutputArea-output').first()).toContainText(output);
}
