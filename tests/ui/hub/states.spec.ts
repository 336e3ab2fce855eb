import { expect, type Page } from '@playwright/test';

import { expectAccessible } from './axe';
import { open, relaunch, test } from './double';
import { DOUBLE } from './places';

/** Each state of the page, until it shows what is named. */
const STATES: Record<string, (page: Page) => Promise<void>> = {
  empty: async page => {
    await open(page);
    await expect(page.getByRole('textbox')).toBeFocused();
  },
  card: async page => {
    await open(page, 'large');
    await expect(page.getByRole('checkbox')).toBeVisible();
  },
  problem: async page => {
    await open(page, 'none');
    await expect(page.getByRole('alert')).toBeVisible();
  },
  queue: async page => {
    await relaunch(page, 'queue');
    await expect(page.locator('.queue')).not.toBeEmpty();
  },
  progress: async page => {
    await relaunch(page, 'build');
    await expect(page.locator('[data-step="environment"] progress')).toBeVisible();
  },
  failed: async page => {
    await relaunch(page, 'fails');
    await expect(page.locator('#launch').getByRole('alert')).toBeVisible();
  },
  ready: async page => {
    await relaunch(page, 'tides');
    await page.locator('#launch').getByRole('checkbox').uncheck();
    await expect(page.locator('#launch .end a')).toBeVisible();
    await page.locator('#launch .end button').click();
    await expect(page.getByRole('dialog')).toBeVisible();
  }
};

for (const [colorScheme, locale] of [
  ['light', 'en-GB'],
  ['dark', 'ja-JP']
] as const) {
  test.describe(`${colorScheme}, ${locale}`, () => {
    test.use({ colorScheme, locale });
    test('no state of the page shuts anybody out', async ({ page }) => {
      for (const [state, reach] of Object.entries(STATES)) {
        await reach(page);
        await expectAccessible(page, state);
        await expect(page.locator('html')).toHaveAttribute('lang', locale.slice(0, 2));
      }
    });
  });
}

test('nothing is cut off on a narrow screen, nor with letters of twice the size', async ({
  page
}) => {
  await page.setViewportSize({ width: 320, height: 700 });
  for (const reach of [STATES.card, STATES.progress, STATES.failed]) {
    await reach?.(page);
    const wide = () => document.documentElement.scrollWidth;
    expect(await page.evaluate(wide)).toBeLessThanOrEqual(320);
  }
  await page.setViewportSize({ width: 640, height: 700 });
  await open(page, 'hostile');
  await page.locator('html').evaluate(root => (root.style.fontSize = '200%'));
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(640);
});

test('a DOI that is pasted, dropped or in the address is looked up without another word', async ({
  page
}) => {
  await open(page);
  const title = page.getByRole('heading', { level: 2, name: 'Tides of Tokyo Bay, taken apart' });
  await page.getByRole('textbox').evaluate((field: HTMLInputElement) => {
    field.dispatchEvent(new ClipboardEvent('paste', { bubbles: true }));
    field.value = '10.5072/tides'; // what the browser does with a paste after its event
  });
  await expect(title).toBeFocused();
  await expect(page).toHaveURL(/\?crate=10\.5072%2Ftides/);

  await page.evaluate(() => {
    const dataTransfer = new DataTransfer();
    dataTransfer.setData('text/uri-list', '# a link\nhttps://doi.org/10.5072/here');
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true }));
  });
  await expect(page.getByRole('textbox')).toHaveValue('https://doi.org/10.5072/here');
  await expect(page.getByText('crate and environment are here already')).toBeVisible();
  await page.goBack();
  await expect(page.getByText('its environment is made first')).toBeVisible();
});

test('the card says what it is, who made it, and how it was judged', async ({ page }) => {
  await open(page, 'tides');
  const card = page.getByRole('region', { name: 'Tides of Tokyo Bay, taken apart' });
  await expect(card.getByRole('list', { name: 'Made by' })).toContainText('Hanako Tanaka');
  await expect(card.locator('.verdict')).toContainText(
    /Identical.*31 of 38 outputs compared.*3 March 2026/
  );
  await expect(card.getByRole('link', { name: '10.5072/tides' })).toHaveAttribute(
    'href',
    'https://doi.org/10.5072/tides'
  );
  await expect(card).toContainText(/2\.4 MB/);
  await expect(card).toContainText('Takes about 40 seconds');

  await open(page, 'blind');
  await expect(page.getByText('Packed for blind review: no names are shown.')).toBeVisible();
  await expect(page.getByRole('list', { name: 'Made by' })).toHaveCount(0);
});

test('a large download is begun only by whoever agreed to it', async ({ page }) => {
  await open(page, 'large');
  await page.getByRole('button', { name: 'Relaunch' }).click();
  await expect(page.getByRole('checkbox')).toBeFocused();
  await expect(page.locator('#launch')).toBeHidden();
  await page.getByRole('checkbox', { name: /2\.3 GB/ }).check();
  await page.getByRole('button', { name: 'Relaunch' }).click();
  await expect(page.getByRole('heading', { name: 'Launching' })).toBeVisible();
});

test('what strangers wrote is text, and leads nowhere but to the web', async ({
  page,
  failures
}) => {
  await open(page, 'hostile');
  const card = page.locator('#crate');
  await expect(card.getByRole('heading')).toContainText('<img src=x');
  await expect(card.locator('img, b')).toHaveCount(0);
  await expect(card.locator('a[href^="javascript"]')).toHaveCount(0);
  await relaunch(page, 'hostile');
  await expect(page.locator('#launch .of')).toContainText('<img src=x');
  await page.goto(
    `${DOUBLE}?crate=${encodeURIComponent('"><script>document.title="owned"</script>')}`
  );
  await expect(page.locator('#crate')).toBeVisible();
  await expect(page).toHaveTitle('Relaunch a crate');
  expect(failures).toEqual([]);
});

test('each kind of trouble is a sentence, and says what to do', async ({ page, context }) => {
  const alert = page.getByRole('alert');
  await open(page, 'none');
  await expect(alert).toContainText('No crate was found there');
  await expect(alert.getByRole('button', { name: 'Try again' })).toBeVisible();
  await open(page, 'out');
  await expect(alert).toContainText('You are signed out');
  await expect(alert.getByRole('link', { name: 'Sign in again' })).toBeVisible();
  await relaunch(page, 'limited');
  await expect(alert).toContainText('You began 20 launches in the last hour');
  await expect(alert).toContainText('It can be asked again in about 12 minutes');
  await expect(page.getByRole('button', { name: 'Relaunch' })).toBeEnabled();
  await context.setOffline(true);
  await page.getByRole('button', { name: 'Look' }).click();
  await expect(alert).toContainText('The service does not answer');
  await context.setOffline(false);
  await alert.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('heading', { name: /^Tides/ })).toBeVisible();
});

test('a look that takes long can be given up for another one', async ({ page }) => {
  await open(page, 'slow');
  await expect(page.getByRole('status')).toHaveText('Looking up 10.5072/slow …');
  await page.getByRole('textbox').fill('10.5072/tides');
  await page.getByRole('textbox').press('Enter');
  await expect(page.getByRole('heading', { name: /^Tides/ })).toBeVisible();
});

test('the steps are told to who cannot see them, and a failure says why', async ({ page }) => {
  await relaunch(page, 'build');
  await expect(page.getByRole('heading', { name: 'Launching' })).toBeFocused();
  await expect(page.getByRole('status')).toHaveText('Step 2 of 3: Prepare its environment');
  const step = page.locator('[aria-current="step"]');
  await expect(step).toContainText('Prepare its environment: under way.');
  await expect(step).toContainText('scipy 1.14.1');
  await expect(step.locator('.time')).toHaveText(/\d+ sec of about 30 seconds/);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('heading', { name: 'The launch was cancelled' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Relaunch' })).toBeVisible();

  await relaunch(page, 'fails');
  const launch = page.getByRole('region', { name: 'It could not be launched' });
  await expect(launch.getByRole('alert')).toContainText('numpy 1.16.0 has no wheel');
  await expect(launch.getByRole('alert')).toContainText('Ask its authors for a newer lock.');
  await expect(launch.getByRole('button', { name: 'Try again' })).toBeVisible();
});

test('a launch is found again after a reload, and among one’s launches', async ({ page }) => {
  await relaunch(page, 'queue');
  await expect(page.locator('.queue')).toHaveText('2 launches are ahead of yours.');
  await page.reload();
  await expect(page.locator('.queue')).toHaveText('2 launches are ahead of yours.');
  await page.getByRole('link', { name: 'Recrate' }).click();
  const mine = page.getByRole('region', { name: 'Your launches' });
  await expect(mine.getByRole('listitem')).toContainText('waiting · just now');
  await mine.getByRole('link', { name: /^Tides/ }).click();
  await expect(page.getByRole('heading', { name: 'Waiting' })).toBeVisible();
  await page.getByRole('link', { name: '日本語' }).click();
  await expect(page.locator('.queue')).toHaveText('あなたの前に 2 件の起動が待っています。');
});

test('JupyterLab opens by itself once it is ready, unless somebody would rather not', async ({
  page
}) => {
  await relaunch(page, 'tides');
  await expect(page).toHaveTitle('JupyterLab');
  await page.goBack();
  const link = page.getByRole('link', { name: 'Open JupyterLab' });
  await expect(link).toBeVisible();
  await expect(page).toHaveTitle('Relaunch a crate'); // it does not open again when one comes back
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Leave it running' }).click();
  await expect(link).toBeVisible();
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Stop' }).click();
  await expect(page.getByRole('heading', { name: 'The session has ended' })).toBeVisible();
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });
  test('the page says what is needed', async ({ page }) => {
    await open(page);
    await expect(page.locator('noscript .notice')).toContainText('This page needs JavaScript');
    await expect(page.locator('noscript .notice')).toBeVisible();
  });
});

test('the first view is light, and comes from the service alone', async ({ page }) => {
  const loaded: { url: string; bytes: number }[] = [];
  page.on('response', async answer => {
    loaded.push({ url: answer.url(), bytes: (await answer.body()).length });
  });
  await open(page);
  await page.waitForLoadState('networkidle');
  expect(loaded.filter(({ url }) => !url.startsWith(DOUBLE))).toEqual([]);
  const kept = loaded.filter(({ url }) => url.includes('/static/'));
  expect(kept.length).toBeGreaterThan(8);
  expect(kept.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(60 * 1024);
});
