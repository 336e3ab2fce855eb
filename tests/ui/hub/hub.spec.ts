import { expect, test } from '@playwright/test';

import { expectAccessible } from './axe';
import { enter, expectLab, LONG, runs } from './hub';
import { SERVICE } from './places';

test('from a DOI to JupyterLab in the crate, and back to stop it', async ({ page }) => {
  await enter(page, 'hanako', '?crate=10.5072/sums');
  const card = page.getByRole('region', { name: 'Sums of small numbers' });
  await expect(card).toBeVisible({ timeout: LONG });
  await expect(card).toContainText('Hanako Tanaka');
  await expect(card.getByRole('link', { name: '10.5072/sums' })).toBeVisible();
  await expectAccessible(page, 'card');
  await card.getByRole('button', { name: 'Relaunch' }).click();
  await expect(page.locator('[aria-current="step"]')).toBeVisible();
  await expectAccessible(page, 'progress');
  await expectLab(page, 'first.ipynb');
  await runs(page, 'the sum is 55');

  await page.goto(SERVICE);
  const mine = page.getByRole('region', { name: 'Your launches' });
  await expect(mine.getByRole('listitem')).toContainText('running');
  await mine.getByRole('button', { name: 'Stop' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Stop' }).click();
  await expect(mine.getByRole('listitem')).toContainText('ended', { timeout: LONG });
  await mine.getByRole('button', { name: 'Relaunch' }).click();
  await expect(page.getByText('crate and environment are here already')).toBeVisible();
});

test.describe('in Japanese', () => {
  test.use({ locale: 'ja-JP' });

  test('the same by keyboard alone', async ({ page }) => {
    await enter(page, 'taro');
    await expect(page.getByRole('textbox')).toBeFocused();
    await page.keyboard.type('https://doi.org/10.5072/sums');
    await page.keyboard.press('Enter');
    const title = page.getByRole('heading', { name: 'Sums of small numbers' });
    await expect(title).toBeFocused({ timeout: LONG });
    const button = page.getByRole('button', { name: '起動' });
    for (let pressed = 0; pressed < 8 && !(await button.evaluate(isFocused)); pressed += 1) {
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { name: '起動しています' })).toBeFocused();
    await expectLab(page, 'first.ipynb');
    await expect(page.locator('html')).toHaveAttribute('lang', /^ja/);
  });
});

test('a launch outlives a reload of its page, is counted, and can be cancelled', async ({
  page
}) => {
  await enter(page, 'jiro', '?crate=10.5072/slow');
  const relaunch = page.getByRole('button', { name: 'Relaunch' });
  await relaunch.click({ timeout: LONG });
  const step = page.locator('[aria-current="step"]');
  await expect(step).toContainText(/MB of 60 MB/, { timeout: LONG });
  await page.reload();
  await expect(step).toContainText(/MB of 60 MB/);

  // A second one, and a third that is one too many.
  for (const expected of [page.locator('#launch .step').first(), page.getByRole('alert')]) {
    await page.getByRole('textbox').fill('10.5072/slow');
    await page.getByRole('textbox').press('Enter');
    await relaunch.click({ timeout: LONG });
    await expect(expected).toBeVisible();
  }
  const limit = page.getByRole('alert');
  await expect(limit).toContainText('Please wait a little');
  await expect(limit).toContainText('You have 2 sessions');
  await expect(limit).toContainText('Stop one of them first');
  const mine = page.getByRole('region', { name: 'Your launches' });
  for (let left = 2; left > 0; left -= 1) {
    await mine.getByRole('button', { name: 'Cancel' }).first().click();
    await expect(mine.getByRole('listitem').filter({ hasText: 'cancelled' })).toHaveCount(3 - left);
  }
});

test('what cannot be had is told with its reason', async ({ page }) => {
  await enter(page, 'saburo', '?crate=10.5072/nowhere');
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('No crate was found there', { timeout: LONG });
  await page.getByRole('textbox').fill('tides');
  await page.getByRole('textbox').press('Enter');
  await expect(alert).toContainText('Write a DOI such as 10.5281/zenodo.1');
  await page.getByRole('textbox').fill('10.5072/cut');
  await page.getByRole('textbox').press('Enter');
  await page.getByRole('button', { name: 'Relaunch' }).click({ timeout: LONG });
  const failed = page.getByRole('region', { name: 'It could not be launched' });
  await expect(failed).toBeVisible({ timeout: LONG });
  await expect(failed.getByRole('alert')).toContainText('A service did not do its part');
  await expectAccessible(page, 'failed');
});

function isFocused(one: Element): boolean {
  return document.activeElement === one;
}
