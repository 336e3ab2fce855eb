import { contentsRows, followable, visible } from './model';

const file = (path: string, bytes = 1) => ({ path, bytes, media_type: 'text/plain' });

describe('the contents of a crate', () => {
  it('stand as a tree, with sizes summed over folders and numbers in order', () => {
    const rows = contentsRows(
      [file('data/b10.csv', 2), file('data/b9.csv', 3), file('a.ipynb', 5), file('data/x/y', 7)],
      ['a.ipynb']
    );
    expect(rows.map(row => [row.path, row.depth, row.bytes])).toEqual([
      ['a.ipynb', 0, 5],
      ['data/', 0, 12],
      ['data/b9.csv', 1, 3],
      ['data/b10.csv', 1, 2],
      ['data/x/', 1, 7],
      ['data/x/y', 2, 7]
    ]);
    expect(rows.filter(row => row.isNotebook).map(row => row.path)).toEqual(['a.ipynb']);
  });

  it('hide what is in a folder that is closed, and nothing beside it', () => {
    const files = [file('data/a'), file('data/deep/b'), file('database')];
    const rows = contentsRows(files, [], new Set(['data/']));
    expect(rows.map(row => row.path)).toEqual(['data/', 'database']);
  });
});

describe('what a stranger wrote', () => {
  it.each(['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', 'nonsense', ''])(
    'is no link: %s',
    address => expect(followable(address)).toBeNull()
  );

  it('is a link where it is an address of the web or a DOI', () => {
    expect(followable('10.5281/zenodo.1')).toBe('https://doi.org/10.5281/zenodo.1');
    expect(followable('https://example.org/a')).toBe('https://example.org/a');
  });

  it('cannot turn the direction of text', () => {
    expect(visible('a\u202efdp.exe')).toBe('a\\u202efdp.exe');
  });
});
