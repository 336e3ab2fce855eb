import * as values from './common_values';

const PYTHON: string = jest
  .requireActual('fs')
  .readFileSync('crates/recrate/model/common_values.py', 'utf8');

/** The keys of a table of the core, in its order. */
function keysOf(table: string): string[] {
  const [line] = PYTHON.match(new RegExp(`^${table} = \\{.*\\}$`, 'm')) ?? [];
  const [block] = PYTHON.match(new RegExp(`^${table} = \\{$[^]*?^\\}`, 'm')) ?? [];
  const inside = line ?? block ?? '';
  return [...inside.matchAll(/(?:^|[{,]\s*|\n\s+)"([^"]+)":/g)].map(([, key]) => key!);
}

describe('the answers on the official lists', () => {
  it.each([
    'FUNDERS',
    'FIELDS',
    'DATA_TYPES',
    'LICENCES',
    'POLICIES',
    'ACCESS_RIGHTS',
    'METADATA_ACCESS',
    'FILE_TYPES',
    'MANAGERS'
  ] as const)('%s are those that the core allows, by the same Japanese names', name => {
    const keys = keysOf(name);
    expect(keys.length).toBeGreaterThan(1);
    expect(values[name].map(one => one.code)).toEqual(keys);
    for (const { ja } of values[name]) {
      expect(PYTHON.replace(/\\"/g, '"')).toContain(ja);
    }
  });

  it('data may have a field of their own, or that of the project', () => {
    expect(values.DATA_FIELDS.map(one => one.code).slice(0, 2)).toEqual(['project', '189']);
  });

  it('a funder is found by code and by its name in either language', () => {
    const codes = (typed: string) => values.answersFor(values.FUNDERS, typed).map(one => one.code);
    expect(codes('jsps')).toEqual(['JSPS']);
    expect(codes('科学技術振興')).toEqual(['JST']);
    expect(codes('energy and')).toEqual(['NEDO']);
    expect(codes('nobody at all')).toEqual([]);
  });
});
