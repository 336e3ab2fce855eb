import { expect, test } from '@playwright/test';
import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';

import { REPOSITORY } from './places';

const HUB = join(REPOSITORY, 'binder', 'recrate_binder', 'hub');
const PAGE = join(HUB, 'page');

/** English → Japanese. */
const words = JSON.parse(readFileSync(join(PAGE, 'locale', 'ja.json'), 'utf8')) as Record<
  string,
  string
>;

function sources(folder: string, ending: string): string[] {
  return readdirSync(folder)
    .filter(name => name.endsWith(ending))
    .map(name => readFileSync(join(folder, name), 'utf8'));
}

/** What the page itself says: in calls, and in tables of words. */
function said(): string[] {
  const template = sources(join(PAGE, 'templates'), '.html').join('\n');
  const scripts = sources(join(PAGE, 'static'), '.js').join('\n');
  const tables = [...scripts.matchAll(/^const [A-Z]+ = \{\n((?: {2}.*: '.*',?\n)+)\};/gm)];
  return [
    ...[...template.matchAll(/say\("([^"]+)"\)/g)],
    ...[...scripts.matchAll(/say\(\s*'([^']+)'/g)],
    ...tables.flatMap(([, rows]) => [...(rows ?? '').matchAll(/: '([^']+)'/g)]),
    ...[...scripts.matchAll(/(?:button\(|\? |: )'([A-Z][a-z ]+)'/g)]
  ].map(found => found[1] ?? '');
}

test('everything that the page says is in Japanese, with the same values in it', () => {
  const english = said();
  expect(english.length).toBeGreaterThan(90);
  expect(english.filter(one => !words[one])).toEqual([]);
  const values = (text: string) => [...text.matchAll(/%\d/g)].map(String).sort().join();
  expect(Object.entries(words).filter(([one, other]) => values(one) !== values(other))).toEqual([]);
});

test('Japanese is written as everywhere in this project', () => {
  const letters = /[ぁ-ヿ㐀-鿿]/;
  for (const [english, japanese] of Object.entries(words)) {
    expect.soft(japanese, english).toMatch(letters.test(japanese) ? letters : /^(%1 \/ %2|URL)$/);
    expect.soft(japanese, english).not.toMatch(/[ぁ-ヿ㐀-鿿][A-Za-z]|[A-Za-z][ぁ-ヿ㐀-鿿]/);
    expect.soft(japanese, english).not.toMatch(/[ぁ-ヿ㐀-鿿][,.:;!?]/);
  }
});
