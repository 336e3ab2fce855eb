import { nullTranslator } from '@jupyterlab/translation';

import { sentence } from './sentences';
import { PUBLISHING } from './sentences_publish';

const english = nullTranslator.load('recrate');

function read(path: string): string {
  const text: string = jest.requireActual('fs').readFileSync(path, 'utf8');
  return text;
}

describe('what publishing says', () => {
  it('stands there once', () => {
    const texts = PUBLISHING.map(say => say(english));
    expect(texts.filter((one, at) => texts.indexOf(one) !== at)).toEqual([]);
  });

  it.each(['inveniordm_check', 'site_checks', 'grdm_preflight'])(
    'has every hint of %s that can be translated as it stands',
    name => {
      const source = read(`crates/recrate/publish/${name}.py`);
      const hints = [...source.matchAll(/hint=\(?\s*"([^"\n]+)"(?:\s*"([^"\n]+)")?/g)].map(
        ([, one, more = '']) => `${one}${more}`
      );
      expect(hints.length).toBeGreaterThan(3);
      expect(hints.filter(one => sentence(english, one) === undefined)).toEqual([]);
    }
  );

  it.each([
    'the repository would refuse it: no index; no title and 2 more',
    'DataCite wants creators, which the record does not say',
    'the repository has no place for the funder: “JSPS” and 3 more',
    'the repository has no place for the funder: “JSPS”',
    '3 of 19 files will have other names there, such as `a_b.txt` for `a/b.txt`',
    'an embargo must end on a day to come, not 2020-01-01'
  ])('keeps what stands in “%s”', said => {
    expect(sentence(english, said)).toBe(said);
  });
});
