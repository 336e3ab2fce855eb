import { nullTranslator } from '@jupyterlab/translation';

import { sentence } from './sentences';
import { COMMON } from './sentences_common';
import { MORE } from './sentences_more';
import { accessWord } from './words';

const english = nullTranslator.load('recrate');

function read(path: string): string {
  const text: string = jest.requireActual('fs').readFileSync(path, 'utf8');
  return text;
}

/** What stands in quotes in a Python file, pieces that follow each other joined. */
function quoted(python: string): string[] {
  return [...python.matchAll(/"[^"\n]*"(?:\s*"[^"\n]*")*/g)].map(([all]) =>
    [...all.matchAll(/"([^"\n]*)"/g)].map(([, part]) => part).join('')
  );
}

describe('more of the server’s sentences', () => {
  it('every hint for a cause of failure can be translated', () => {
    const [, table = ''] =
      /^HINTS[^{]*\{([^]*?)^\}/m.exec(read('crates/recrate/compare/cause_table.py')) ?? [];
    const hints = quoted(table);
    expect(hints.length).toBeGreaterThan(15);
    for (const hint of hints) {
      expect(sentence(english, hint)).toBe(hint);
    }
  });

  it.each(['checking', 'common_checking'])(
    'every complaint of %s about a description can be translated',
    name => {
      const source = read(`crates/recrate/metadata/${name}.py`);
      const said = quoted(source.replace(/"""[^]*?"""/g, ''));
      const complaints = said.filter(one => /^[A-Za-z-]+ [a-zA-Z0-9-]+ .*[A-Za-z0-9]$/.test(one));
      expect(complaints.length).toBeGreaterThan(15);
      expect(complaints.filter(one => sentence(english, one) === undefined)).toEqual([]);
    }
  );

  it('no sentence stands there twice', () => {
    const texts = [...MORE, ...COMMON].map(say => say(english));
    expect(texts.filter((one, at) => texts.indexOf(one) !== at)).toEqual([]);
  });

  it('the letters of a secret that are shown stand beside how many there are', () => {
    expect(sentence(english, 'looks like an AWS key: AKI… (20 characters)')).toBe(
      'looks like an AWS key: AKI… (20 characters)'
    );
    expect(
      sentence(
        english,
        '2 secret(s) would be published: a.ipynb, cell 1, line 9: looks like an AWS key: AKI… (20 characters); b.txt, line 2: ?'
      )
    ).toBe(
      '2 secrets would be published: a.ipynb, cell 1, line 9: looks like an AWS key: AKI… (20 characters); b.txt, line 2: ?'
    );
  });
});

describe('words that mean two things', () => {
  it('open, of a crate that anybody may have, is another word than the button', () => {
    const asked: string[] = [];
    const trans = {
      ...english,
      _p: (context: string, text: string) => asked.push(context) && text
    };
    expect(accessWord(trans as unknown as typeof english, 'open')).toBe('Open');
    expect(asked).toEqual(['access']);
  });
});
