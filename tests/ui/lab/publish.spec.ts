import type { Locator, Page } from '@playwright/test';
import { join } from 'path';

import { expectAccessible } from './axe';
import { at, execute, expect, goTo, LONG, packageFolder, scanned, verifyHere } from './lab';
import { holding, publishTest as test, type Repositories } from './repositories';
import { copyTides, writeSums } from './studies';
import { pack } from './walk';
import { catalogue, english, type Words } from './words';

const THEMES = ['JupyterLab Light', 'JupyterLab Dark', 'JupyterLab Dark High Contrast'];
const ROOM = '.jp-recrate-Publish';

/** Scan, pack, look at what was found; returns the step Publish. */
async function packedStudy(page: Page, name: string, words: Words = english): Promise<Locator> {
  const study = await packageFolder(page, name);
  const scan = await scanned(study);
  const looked = scan.getByRole('checkbox', {
    name: /looked at (this|these \d+) warning|警告.*(確認|見)/
  });
  if (await looked.count()) {
    await looked.check();
  }
  await pack(study, words);
  return goTo(study, 'publish');
}

/** Choose a place by its card and type its token where it wants one. */
async function choosePlace(
  room: Locator,
  place: string,
  repositories: Repositories,
  words: Words = english
): Promise<void> {
  const other = room.getByRole('button', { name: words('Publish it in another place, too') });
  if ((await other.count()) && (await other.getAttribute('aria-expanded')) === 'false') {
    await other.click();
  }
  await room.locator(`label[data-place="${place}"]`).click();
  const token = repositories.tokens[place];
  if (token) {
    await room.locator('[data-token] input[type="password"]').fill(token);
    await room.getByRole('button', { name: words('Use this token') }).click();
    await expect(room.locator('[data-token="known"]')).toBeVisible();
  }
  await expect(room.locator('[data-accepted="true"]')).toBeVisible({ timeout: LONG });
}

/** Press the button; say yes where it is asked once more. Returns what came of it. */
async function publish(room: Locator, place: string): Promise<Locator> {
  const go = room.locator('.jp-recrate-Publish-Go');
  await expect(go).not.toHaveAttribute('aria-disabled', 'true');
  const isFinal = (await go.innerText()).endsWith('…');
  await go.click();
  if (isFinal) {
    await room.locator('.jp-recrate-Publish-Yes').click();
  }
  return done(room, place);
}

async function done(room: Locator, place: string, status = 'published'): Promise<Locator> {
  const found = room.locator(
    `.jp-recrate-Publish-Done[data-place="${place}"][data-status="${status}"]`
  );
  await expect(found).toBeVisible({ timeout: LONG });
  return found;
}

/** Go on with the Tab key until something has the focus. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible({ timeout: LONG });
  for (let at = 0; at < 80; at++) {
    if (await target.evaluate(one => one === document.activeElement)) {
      return;
    }
    await page.keyboard.press('Tab');
  }
  throw new Error(`the Tab key does not lead to ${target}`);
}

test('the example study is published with the mouse at every repository, and no token stays', async ({
  page,
  folder,
  own,
  repositories
}) => {
  copyTides(join(folder, 'tides'));
  const room = (await packedStudy(page, 'tides')).locator(ROOM);
  const places = ['site', 'kyoto', 'rdm', 'invenio', 'dois'];
  for (const place of places) {
    await choosePlace(room, place, repositories);
    expect(await repositories.made(place)).toBe(0);
    const came = await publish(room, place);
    await expect(came.getByRole('heading', { level: 2 })).toContainText('Published');
    await expect(came.getByText(/^10\./)).toHaveCount(['invenio', 'dois'].includes(place) ? 1 : 0);
    expect(await repositories.made(place)).toBe(1);
    await expect(came.getByRole('region', { name: 'Citation' })).toContainText('Tides');
  }
  const before = room.getByRole('region', { name: 'Deposits so far' }).getByRole('listitem');
  await expect(before).toHaveCount(places.length - 1);
  for (const theme of THEMES) {
    await execute(page, 'apputils:change-theme', { theme });
    await expect(page.locator('body')).toHaveAttribute('data-jp-theme-name', theme);
    await expectAccessible(page, '.jp-recrate-Pack', `what was published, ${theme}`);
  }
  for (const [place, token] of Object.entries(repositories.tokens)) {
    for (const secret of [token, token.split(':').pop()!]) {
      expect(holding(own.folder, secret), `the token of ${place}`).toEqual([]);
    }
  }
});

test('an upload that is cut off goes on after a reload, and makes one record', async ({
  page,
  folder,
  repositories
}) => {
  writeSums(join(folder, 'sums'));
  let room = (await packedStudy(page, 'sums')).locator(ROOM);
  await choosePlace(room, 'invenio', repositories);
  repositories.cutsUploads = true;
  await room.locator('.jp-recrate-Publish-Go').click();
  await room.locator('.jp-recrate-Publish-Yes').click();
  await expect(room.getByRole('progressbar')).toBeVisible();
  await expect(room.getByRole('alert').first()).toBeVisible({ timeout: LONG });
  expect(await repositories.made('invenio')).toBe(0);
  repositories.cutsUploads = false;
  await page.reload();
  const study = page.locator('.jp-recrate-Pack');
  room = (await at(study, 'publish')).locator(ROOM);
  await room.getByRole('button', { name: 'Resume' }).click();
  await expect((await done(room, 'invenio')).getByText(/^10\./)).toBeVisible();
  expect(await repositories.made('invenio')).toBe(1);
});

test('a draft is uploaded and then published with the keyboard alone', async ({
  page,
  folder,
  repositories
}) => {
  writeSums(join(folder, 'sums'));
  const step = await packedStudy(page, 'sums');
  const room = step.locator(ROOM);
  await step.focus();
  await tabTo(page, room.locator('label[data-place="site"] input'));
  await page.keyboard.press('Space');
  for (const place of ['kyoto', 'rdm', 'invenio']) {
    await page.keyboard.press('ArrowDown');
    await expect(room.locator(`label[data-place="${place}"] input`)).toBeChecked();
  }
  await tabTo(page, room.locator('[data-token] input[type="password"]'));
  await page.keyboard.type(repositories.tokens['invenio']!);
  await page.keyboard.press('Enter');
  await expect(room.locator('[data-accepted="true"]')).toBeVisible({ timeout: LONG });
  await step.focus();
  await tabTo(page, room.getByLabel('Keep it as a draft for now'));
  await page.keyboard.press('Space');
  const go = room.locator('.jp-recrate-Publish-Go');
  await expect(go).toHaveText('Upload as a draft');
  await expect(go).not.toHaveAttribute('aria-disabled', 'true');
  await tabTo(page, go);
  await page.keyboard.press('Enter');
  const draft = await done(room, 'invenio', 'draft');
  await expect(draft.getByRole('heading', { level: 2 })).toBeFocused();
  expect(await repositories.made('invenio')).toBe(0);
  await expect(go).toHaveText('Publish the draft now…');
  await expect(go).not.toHaveAttribute('aria-disabled', 'true');
  await tabTo(page, go);
  await page.keyboard.press('Enter');
  await expect(room.locator('.jp-recrate-Publish-Yes')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect((await done(room, 'invenio')).getByText(/^10\./)).toBeVisible();
  expect(await repositories.made('invenio')).toBe(1);
});

test('the verdict of a run is published from its review', async ({
  page,
  folder,
  repositories
}) => {
  writeSums(join(folder, 'sums'));
  const study = await packageFolder(page, 'sums');
  await scanned(study);
  const verify = await verifyHere(study);
  await verify.getByRole('button', { name: 'Review outputs' }).click({ timeout: LONG });
  await page.getByRole('button', { name: 'Publish verdict…' }).click();
  const document = page.locator('.jp-recrate-PublishVerdict');
  await expect(document.getByRole('heading', { level: 1 })).toContainText('sums');
  const room = document.locator(ROOM);
  await choosePlace(room, 'invenio', repositories);
  await expect(room).toContainText('names the crate by its DOI');
  await expectAccessible(page, '.jp-recrate-PublishVerdict', 'before a verdict is published');
  const came = await publish(room, 'invenio');
  await expect(came.getByText(/^10\./)).toBeVisible();
  expect(await repositories.made('invenio')).toBe(1);
});

test.describe('in Japanese', () => {
  test.use({
    locale: 'ja-JP',
    mockSettings: {
      '@jupyterlab/translation-extension:plugin': { locale: 'ja_JP' },
      '@jupyterlab/apputils-extension:notification': { fetchNews: 'false' }
    }
  });

  test('a study is published in a narrow window, and is cited in Japanese', async ({
    page,
    request,
    folder,
    repositories
  }) => {
    const words = await catalogue(request, 'ja_JP');
    writeSums(join(folder, 'sums'));
    const room = (await packedStudy(page, 'sums', words)).locator(ROOM);
    await execute(page, 'application:toggle-left-area');
    await page.setViewportSize({ width: 420, height: 900 });
    await choosePlace(room, 'kyoto', repositories, words);
    await expect(room).toContainText('取り消せません');
    const overflow = await room.evaluate(one => one.scrollWidth - one.clientWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    const came = await publish(room, 'kyoto');
    await expect(came).toContainText(words('Published'));
    await expect(came.getByRole('region', { name: words('Citation') })).toContainText(
      '計算ノートブック'
    );
    expect(await repositories.made('kyoto')).toBe(1);
  });
});
