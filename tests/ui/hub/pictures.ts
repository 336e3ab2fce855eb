import { expect, test, type Page } from '@playwright/test';
import { execFileSync } from 'child_process';
import { join } from 'path';

import { open, relaunch } from './double';
import { DOUBLE, REPOSITORY } from './places';

const PICTURES = join(REPOSITORY, 'docs', 'pictures');

/** State → how it is reached. */
const STATES: Record<string, (page: Page) => Promise<void>> = {
  empty: page => open(page),
  card: async page => {
    await open(page, 'tides');
    await expect(page.locator('#crate dl')).toBeVisible();
  },
  progress: async page => {
    await relaunch(page, 'build');
    await expect(page.locator('[data-step="environment"] progress')).toBeVisible();
    await page.waitForTimeout(2500);
  },
  ready: async page => {
    await relaunch(page, 'tides');
    await page.locator('#launch').getByRole('checkbox').uncheck();
    await expect(page.locator('#launch .end a')).toBeVisible();
  },
  failed: async page => {
    await relaunch(page, 'fails');
    await expect(page.locator('#launch').getByRole('alert')).toBeVisible();
  }
};

for (const language of ['en', 'ja']) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`${language}, ${colorScheme}`, async ({ browser }) => {
      for (const [state, reach] of Object.entries(STATES)) {
        const name = `hub-${state}-${language}-${colorScheme}.png`;
        await shoot(browser, { language, colorScheme, width: 1000, reach, name });
      }
      if (colorScheme === 'light') {
        const name = `hub-card-${language}-narrow.png`;
        await shoot(browser, { language, colorScheme, width: 360, reach: STATES['card'], name });
      }
    });
  }
}

interface IShot {
  language: string;
  colorScheme: 'light' | 'dark';
  width: number;
  reach: ((page: Page) => Promise<void>) | undefined;
  name: string;
}

/** Keep a picture with few colours, as of all pages of this project. */
async function shoot(browser: import('@playwright/test').Browser, shot: IShot): Promise<void> {
  const context = await browser.newContext({
    colorScheme: shot.colorScheme,
    locale: { en: 'en-GB', ja: 'ja-JP' }[shot.language],
    reducedMotion: 'reduce',
    viewport: { width: shot.width, height: 640 }
  });
  await context.addCookies([
    { name: 'double-user', value: 'hanako', url: DOUBLE },
    { name: 'double-alone', value: shot.name, url: DOUBLE }
  ]);
  const page = await context.newPage();
  await shot.reach?.(page);
  await page.mouse.move(0, 0);
  const path = join(PICTURES, shot.name);
  await page.screenshot({ path, fullPage: true, animations: 'disabled', caret: 'hide' });
  await context.close();
  execFileSync('python', ['-c', FEW_COLOURS, path], { cwd: join(REPOSITORY, 'tools', 'pictures') });
}

const FEW_COLOURS = `
import sys
from PIL import Image
from lab import with_few_colours
with Image.open(sys.argv[1]) as picture:
    few = with_few_colours(picture.convert("RGB"))
few.save(sys.argv[1], optimize=True)
`;
