import { expect, test } from '@jupyterlab/galata';

test('the panel stands in the side bar', async ({ page }) => {
  await page.sidebar.openTab('recrate-panel');
  await expect(page.getByRole('region', { name: 'Recrate' })).toBeVisible();
});

test('the palette finds the command that packages, and it opens the panel', async ({ page }) => {
  await page.keyboard.press('Control+Shift+C');
  await page.locator('#modal-command-palette input').fill('recrate package');
  await page.locator('#modal-command-palette [data-command="recrate:package"]').click();
  await expect(page.locator('#recrate-panel')).toBeVisible();
});
