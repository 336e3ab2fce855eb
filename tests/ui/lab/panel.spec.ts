import { execute, expect, test } from './lab';

test('the panel stands in the side bar', async ({ page }) => {
  await page.locator('.jp-SideBar [data-id="recrate-panel"]').click();
  await expect(page.getByRole('region', { name: 'Recrate' })).toBeVisible();
});

test('the palette finds the command that packages, and it opens the study', async ({ page }) => {
  // While Lab still starts, its launcher may take the focus, and the palette closes: try again.
  await expect(async () => {
    await execute(page, 'apputils:activate-command-palette');
    await page.locator('#modal-command-palette input').fill('recrate package', { timeout: 3000 });
    const found = page.locator('#modal-command-palette [data-command="recrate:package"]');
    await found.click({ timeout: 3000 });
  }).toPass({ timeout: 60000 });
  await expect(page.locator('.jp-recrate-Pack')).toBeVisible();
});
