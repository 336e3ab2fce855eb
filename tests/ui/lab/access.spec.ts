import type { Locator, Page } from '@playwright/test';
import { join } from 'path';

import { expectAccessible } from './axe';
import {
  at,
  execute,
  expect,
  goTo,
  packageFolder,
  scanned,
  test,
  verifyHere,
  type LabPage,
  LONG
} from './lab';
import { packed } from './servers';
import { writeSums } from './studies';
import { openCrate } from './walk';

const THEMES = ['JupyterLab Light', 'JupyterLab Dark', 'JupyterLab Dark High Contrast'];
const STEPS = ['scan', 'describe', 'verify', 'pack', 'publish'] as const;
const TABS = ['Overview', 'Contents', 'Environment', 'Metadata', 'Findings', 'Verdicts'];

/** A study that was checked by running; its document stands at the verdict. */
async function verified(page: LabPage, folder: string): Promise<Locator> {
  writeSums(join(folder, 'sums'));
  const study = await packageFolder(page, 'sums');
  await scanned(study);
  const verify = await verifyHere(study);
  await expect(verify.getByRole('region', { name: 'Verdict' })).toBeVisible({ timeout: LONG });
  return study;
}

async function inTheme(page: Page, theme: string): Promise<void> {
  await execute(page, 'apputils:change-theme', { theme });
  await expect(page.locator('body')).toHaveAttribute('data-jp-theme-name', theme);
}

/** Bring a document to the front by a word of its tab. */
async function toFront(page: Page, word: string | RegExp): Promise<void> {
  await page.locator('.lm-DockPanel-tabBar .lm-TabBar-tab', { hasText: word }).first().click();
}

test('axe finds nothing serious in any part, in light, dark and high contrast', async ({
  page,
  folder
}) => {
  const study = await verified(page, folder);
  const verify = await at(study, 'verify');
  await verify.getByRole('button', { name: 'Review outputs' }).click();
  await expect(page.locator('.jp-recrate-Review-page iframe')).toBeVisible();
  await toFront(page, 'Package');
  packed(join(folder, 'sums'));
  const crate = await openCrate(page, 'sums.crate.zip');
  await crate.getByRole('button', { name: 'Replay…' }).first().click();
  await page
    .locator('.jp-recrate-Replay')
    .getByRole('button', { name: /^Limits/ })
    .click();
  await page.getByRole('button', { name: 'Add a parameter' }).click();
  await execute(page, 'recrate:runs');
  await page.locator('#recrate-runs [data-row="0"] button').first().click();
  await page.sidebar.openTab('recrate-panel');
  for (const theme of THEMES) {
    await inTheme(page, theme);
    await expectAccessible(page, '#recrate-panel', `${theme}: panel`);
    await toFront(page, /^Runs/);
    await expectAccessible(page, '#recrate-runs', `${theme}: runs`);
    await toFront(page, 'Package');
    for (const step of STEPS) {
      await goTo(study, step);
      await expectAccessible(page, '.jp-recrate-Pack', `${theme}: ${step}`);
    }
    await toFront(page, 'Review');
    await expectAccessible(page, '.jp-recrate-Review', `${theme}: review`);
    await toFront(page, 'Replay —');
    await expectAccessible(page, '.jp-recrate-Replay', `${theme}: replay form`);
    await toFront(page, /^sums.crate.zip/);
    for (const tab of TABS) {
      await crate.getByRole('tab', { name: tab }).click();
      await expectAccessible(page, '.jp-recrate-Crate', `${theme}: crate, ${tab}`);
    }
  }
});

/** Press Tab until a control has the focus, as people do who have no mouse. */
async function tabTo(page: Page, control: Locator): Promise<void> {
  await expect(control).toBeVisible();
  for (let presses = 0; presses < 80; presses += 1) {
    if (await control.evaluate(node => node === document.activeElement)) {
      return;
    }
    await page.keyboard.press('Tab');
  }
  throw new Error(`80 times Tab, and no focus on ${control}`);
}

test('from the scan to the crate without a mouse', async ({ page, folder }) => {
  writeSums(folder);
  // While Lab still starts, no key opens the palette, or its launcher takes the focus: try again.
  await expect(async () => {
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+Shift+C');
    await page.locator('#modal-command-palette input').waitFor({ timeout: 3000 });
    await page.keyboard.type('recrate package');
    const found = page.locator('#modal-command-palette [data-command="recrate:package"]');
    await found.waitFor({ timeout: 3000 });
  }).toPass({ timeout: 60000 });
  await page.keyboard.press('Enter');
  const study = page.locator('.jp-recrate-Pack');
  await scanned(study);

  await tabTo(page, study.getByRole('button', { name: 'Next: Describe' }));
  await page.keyboard.press('Enter');
  const describe = await at(study, 'describe');
  await expect(describe).toBeFocused();
  await tabTo(page, describe.getByLabel('Title (English)'));
  await page.keyboard.press('Control+A');
  await page.keyboard.type('Typed by keyboard');
  await expect(study.locator('[data-keeping="kept"]')).toContainText('Kept in');
  await tabTo(page, study.getByRole('button', { name: 'Next: Check by running' }));
  await page.keyboard.press('Enter');
  await at(study, 'verify');
  await tabTo(page, study.getByRole('button', { name: 'Next: Pack' }));
  await page.keyboard.press('Enter');
  const pack = await at(study, 'pack');
  await tabTo(page, pack.getByRole('button', { name: 'Pack', exact: true }));
  await page.keyboard.press('Enter');
  const crate = pack.getByRole('region', { name: 'The crate' });
  await expect(crate).toBeVisible({ timeout: LONG });
  await tabTo(page, crate.getByRole('button', { name: 'Open the crate' }));
  await page.keyboard.press('Enter');
  await expect(page.locator('.jp-recrate-Crate')).toContainText('Typed by keyboard');
});

test.describe('at 200 %', () => {
  test.use({ viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 });

  test('no part has to be scrolled sideways, and the steps stay where they are', async ({
    page,
    folder
  }) => {
    const study = await verified(page, folder);
    const tops = new Set<number>();
    for (const step of STEPS) {
      await goTo(study, step);
      await expectNoSideways(study, step);
      tops.add((await study.getByRole('navigation', { name: 'Steps' }).boundingBox())?.y ?? -1);
    }
    expect([...tops]).toHaveLength(1);
    const verify = await goTo(study, 'verify');
    await verify.getByRole('button', { name: 'Review outputs' }).click();
    await expect(page.locator('.jp-recrate-Review-page iframe')).toBeVisible();
    await expectNoSideways(page.locator('.jp-recrate-Review'), 'review');
    await execute(page, 'recrate:runs');
    await page.locator('#recrate-runs [data-row="0"] button').first().click();
    await expectNoSideways(page.locator('#recrate-runs'), 'runs');
    packed(join(folder, 'sums'));
    const crate = await openCrate(page, 'sums.crate.zip');
    for (const tab of TABS) {
      await crate.getByRole('tab', { name: tab }).click();
      await expectNoSideways(crate, `crate, ${tab}`);
    }
    await crate.getByRole('button', { name: 'Replay…' }).first().click();
    await expect(page.getByRole('button', { name: 'Start the replay' })).toBeAttached();
    await expectNoSideways(page.locator('.jp-recrate-Replay'), 'replay form');
  });
});

/** Nothing inside is wider than what it stands in, but code, which has its own bar. */
async function expectNoSideways(part: Locator, where: string): Promise<void> {
  const wide = await part.evaluate(node =>
    [node, ...node.querySelectorAll('*')]
      .filter(one => {
        const style = getComputedStyle(one);
        const scrolls = ['auto', 'scroll'].includes(style.overflowX);
        return (
          (one === node || scrolls) &&
          one.tagName !== 'PRE' &&
          one.getAttribute('role') !== 'tablist' &&
          one.scrollWidth > one.clientWidth + 1
        );
      })
      .map(one => `${one.tagName}.${one.className}: ${one.scrollWidth} > ${one.clientWidth}`)
  );
  expect.soft(wide, where).toEqual([]);
}

test('with forced colours what is chosen and what is focused can still be seen', async ({
  page,
  folder
}) => {
  writeSums(join(folder, 'sums'));
  const study = await packageFolder(page, 'sums');
  await scanned(study);
  await page.emulateMedia({ forcedColors: 'active' });
  const edge = (control: Locator) =>
    control.evaluate(node => {
      const { borderTopStyle, borderTopWidth, outlineStyle } = getComputedStyle(node);
      return { border: `${borderTopWidth} ${borderTopStyle}`, outline: outlineStyle };
    });
  const next = study.getByRole('button', { name: 'Next: Describe' });
  expect((await edge(next)).border).toMatch(/^[1-9][0-9.]*px solid$/);
  await next.focus();
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Tab');
  await expect(next).toBeFocused();
  expect((await edge(next)).outline).not.toBe('none');
  const looks = (step: string) =>
    study.locator(`nav button[data-step="${step}"]`).evaluate(node => {
      const item = node.closest('li') as HTMLElement;
      return [node, item, ...node.querySelectorAll('*')]
        .map(one => {
          const { borderBottom, outline, fontWeight, textDecorationLine } = getComputedStyle(one);
          return [borderBottom, outline, fontWeight, textDecorationLine].join();
        })
        .join(';');
    });
  expect(await looks('scan')).not.toBe(await looks('describe'));
});
