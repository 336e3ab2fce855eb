/** What the specs share: a page in a folder of its own, and the words by which people find things. */
import { test as base, type IJupyterLabPageFixture } from '@jupyterlab/galata';
import { expect, type Locator, type Page } from '@playwright/test';
import { mkdirSync, rmSync } from 'fs';
import { join } from 'path';

import { SUITE } from './places';
import { OwnServer } from './servers';

export { expect };

/** Milliseconds for what runs in a process of its own, also on a machine that is busy with more. */
export const LONG = 120_000;

export type LabPage = IJupyterLabPageFixture;

interface IFolders {
  /** The root folder of the server. */
  root: string;
  /** The test's own folder on the disk; the file browser stands in it. */
  folder: string;
}

interface IOwn {
  /** What the server is started with. */
  own: OwnServer;
  serverOptions: string[];
  /** Bytes of the disk that holds the people's files; 0 is the machine's own. */
  diskBytes: number;
}

/** galata's test, in any language, on a server that keeps its XSRF check. */
export const test = base.extend<IFolders>({
  request: async ({ playwright, baseURL }, use) => {
    const mark = '0123456789abcdef0123456789abcdef';
    const headers = { 'X-XSRFToken': mark, Cookie: `_xsrf=${mark}` };
    const request = await playwright.request.newContext({ baseURL, extraHTTPHeaders: headers });
    await use(request);
    await request.dispose();
  },
  waitForApplication: async ({ baseURL: _ }, use) => {
    await use(async page => {
      await page.locator('#jupyterlab-splash').waitFor({ state: 'detached' });
      await page.locator('#filebrowser').waitFor();
    });
  },
  root: async ({ baseURL: _ }, use) => use(join(SUITE, 'root')),
  tmpPath: async ({ root }, use, info) => {
    const name = info.title.replace(/[^a-z0-9]+/gi, '-').slice(0, 40);
    const folder = join(root, name);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    await use(name);
    rmSync(folder, { recursive: true, force: true });
  },
  folder: async ({ root, tmpPath }, use) => use(join(root, tmpPath))
});

/** The same on a server of the test's own, which it may kill, starve or flood. */
export const ownTest = test.extend<IOwn>({
  serverOptions: [[], { option: true }],
  diskBytes: [0, { option: true }],
  own: async ({ serverOptions, diskBytes }, use) => {
    const own = await OwnServer.start(serverOptions, diskBytes);
    await use(own);
    await own.end();
  },
  baseURL: async ({ own }, use) => use(own.url),
  // galata's own doors to these stop the test when the server is gone.
  kernels: async ({ baseURL: _ }, use) => use(null),
  sessions: async ({ baseURL: _ }, use) => use(null),
  terminals: async ({ baseURL: _ }, use) => use(null),
  root: async ({ own }, use) => use(own.root)
});

/** The item of a file or folder in the file browser, which is refreshed until it shows it. */
export async function item(page: Page, name: string): Promise<Locator> {
  const found = page.locator('.jp-DirListing-item').filter({
    has: page.locator('.jp-DirListing-itemText', { hasText: new RegExp(`^${escaped(name)}$`) })
  });
  await expect(async () => {
    await page.locator('jp-button[data-command="filebrowser:refresh"]').first().click();
    await expect(found).toBeVisible({ timeout: 1500 });
  }).toPass({ timeout: 30_000 });
  return found;
}

/** Choose a command from the context menu of an item of the file browser. */
export async function choose(page: Page, name: string, command: string): Promise<void> {
  await (await item(page, name)).click({ button: 'right' });
  await page.locator(`.lm-Menu [data-command="${command}"]`).click();
}

/** Open "Package & publish" on a folder by its context menu; returns the document. */
export async function packageFolder(page: Page, name: string): Promise<Locator> {
  await choose(page, name, 'recrate:package');
  const study = page.locator('.jp-recrate-Pack');
  await expect(study).toBeVisible();
  return study;
}

export type Step = 'scan' | 'describe' | 'verify' | 'pack' | 'publish';

/** Go to a step by its button; returns the step's body. */
export async function goTo(study: Locator, step: Step): Promise<Locator> {
  await study.locator(`nav button[data-step="${step}"]`).click();
  return at(study, step);
}

/** The body of a step, once it is shown. */
export async function at(study: Locator, step: Step): Promise<Locator> {
  const body = study.locator(`.jp-recrate-Pack-body[data-step="${step}"]`);
  await expect(body).toBeVisible();
  return body;
}

/** Wait until a scan's result is shown. */
export async function scanned(study: Locator): Promise<Locator> {
  const body = await at(study, 'scan');
  await expect(body.locator('.jp-recrate-Study-Counts')).toBeVisible({ timeout: LONG });
  return body;
}

/** Run where this machine is as it is: no environment is made, so that it begins at once. */
export async function verifyHere(study: Locator): Promise<Locator> {
  const body = await goTo(study, 'verify');
  await body.getByRole('button', { name: 'How it is run' }).click();
  await body.getByLabel('Environment').selectOption('current');
  await body.getByRole('button', { name: 'Check by running' }).click();
  return body;
}

/** Open a document by a command, as menus and other extensions do. */
export async function execute(
  page: Page,
  command: string,
  args: Record<string, string> = {}
): Promise<void> {
  await page.evaluate(
    ([id, named]) => {
      const { jupyterapp } = window as unknown as {
        jupyterapp: { commands: { execute: (id: string, args: unknown) => Promise<unknown> } };
      };
      return jupyterapp.commands.execute(id, named).then(() => undefined);
    },
    [command, args] as const
  );
}

export function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
