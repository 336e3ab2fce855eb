import { expect, type Page } from '@playwright/test';
import { readFileSync } from 'fs';

const SOURCE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

interface IFound {
  violations: { id: string; nodes: { target: string[]; failureSummary: string }[] }[];
  passes: unknown[];
}

/** Nothing that axe-core knows is wrong with the page as it stands, also as to its contrasts. */
export async function expectAccessible(page: Page, where: string): Promise<void> {
  await page.evaluate(SOURCE); // as the debugger does: the page's own policy forbids it to anybody else
  const found = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run: () => Promise<IFound> } };
    const { violations, passes } = await axe.run();
    return {
      looked: passes.length,
      wrong: violations.map(({ id, nodes }) => ({
        id,
        nodes: nodes.slice(0, 4).map(node => `${node.target.join(' ')}: ${node.failureSummary}`)
      }))
    };
  });
  expect(found.looked, where).toBeGreaterThan(10);
  expect.soft(found.wrong, where).toEqual([]);
}
