import {
  faults,
  isNew,
  isSame,
  merge,
  moved,
  opened,
  withKeywords,
  withSuggestion,
  withText,
  type Suggestion
} from './model';

const NOTHING = opened({ title: '', description: '' });
const suggestion = (field: string, value: unknown): Suggestion =>
  ({ field, from: 'git', value }) as Suggestion;

describe('title and description in two languages', () => {
  it('a title without a language goes where its letters tell', () => {
    expect(opened({ title: '潮汐の解析', description: '' }).title_ja).toBe('潮汐の解析');
    expect(opened({ title: 'Tides', description: '' }).title_en).toBe('Tides');
    const said = { title: 'Kii 2026', language: 'ja' as const, description: '' };
    expect(opened(said).title_ja).toBe('Kii 2026');
    const both = { title: 'Tides', title_en: 'Tides', title_ja: '潮汐', description: '' };
    expect(opened(both)).toMatchObject(both);
  });

  it('the main title goes along with the language it was in', () => {
    let draft = withText(NOTHING, 'title', 'ja', '潮汐');
    expect(draft.title).toBe('潮汐');
    draft = withText(draft, 'title', 'en', 'Tides');
    expect(draft).toMatchObject({ title: '潮汐', language: 'ja', title_en: 'Tides' });
    draft = withText(draft, 'title', 'ja', '潮汐の解析');
    expect(draft.title).toBe('潮汐の解析');
  });

  it('what is left is the main title when the other is taken away', () => {
    let draft = withText(withText(NOTHING, 'title', 'ja', '潮汐'), 'title', 'en', 'Tides');
    draft = withText(draft, 'title', 'ja', '');
    expect(draft).toMatchObject({ title: 'Tides', language: 'en' });
  });

  it('a description alone in the other language is a translation, never the main text', () => {
    let draft = withText(NOTHING, 'title', 'ja', '潮汐');
    draft = withText(draft, 'description', 'en', 'Thirty days of tides');
    expect(draft).toMatchObject({ language: 'ja', description: '' });
    draft = withText(draft, 'description', 'ja', '三十日');
    expect(draft.description).toBe('三十日');
  });
});

describe('lists', () => {
  it('an item moves as far as the list goes, and none is lost', () => {
    expect(moved(['a', 'b', 'c'], 0, 1)).toEqual(['b', 'a', 'c']);
    expect(moved(['a', 'b', 'c'], 0, -1)).toEqual(['a', 'b', 'c']);
    expect(moved(['a', 'b', 'c'], 1, 9)).toEqual(['a', 'c', 'b']);
  });

  it('keywords are split at commas of both languages, none twice', () => {
    expect(withKeywords(['Sea'], ' sea, tide、 潮汐 ,, long  period ')).toEqual([
      'Sea',
      'tide',
      '潮汐',
      'long period'
    ]);
  });
});

describe('suggestions', () => {
  it('add to a list what it lacks, and nothing twice', () => {
    const draft = { ...NOTHING, creators: [{ name: 'Hanako Umi' }] };
    const value = [{ name: 'hanako umi' }, { name: 'Taro Yama' }];
    const taken = withSuggestion(draft, suggestion('creators', value));
    expect(taken.creators.map(one => one.name)).toEqual(['Hanako Umi', 'Taro Yama']);
    expect(isNew(taken, suggestion('creators', value))).toBe(false);
  });

  it('set what is no list, a title in its language too', () => {
    expect(withSuggestion(NOTHING, suggestion('licence', 'MIT')).licence).toBe('MIT');
    expect(withSuggestion(NOTHING, suggestion('title', '潮汐')).title_ja).toBe('潮汐');
    expect(withSuggestion(NOTHING, suggestion('title_en', 'Tides')).title).toBe('Tides');
  });
});

describe('faults', () => {
  it('are found at their fields', () => {
    const draft = opened({
      title: '',
      description: '',
      creators: [
        {
          name: ' ',
          identifier: '0000-0002-1825-0098',
          email: 'nobody',
          affiliation: { name: 'NII', identifier: '04ksd4g48' }
        }
      ],
      related: [{ identifier: 'no doi', kind: 'paper' }],
      funding: [{ funder: 'JSPS', identifier: 'x' }],
      restricted: [{ path: 'data', level: 'shared', url: 'javascript:alert(1)' }],
      access: { level: 'embargoed' }
    });
    expect(faults(draft).map(one => `${one.field} ${one.kind}`)).toEqual([
      'creators.0.name no-name',
      'creators.0.identifier orcid-digits',
      'creators.0.affiliation.identifier ror-digits',
      'creators.0.email mail',
      'related.0.identifier doi',
      'funding.0.identifier funder',
      'restricted.0.url address',
      'access.available no-day'
    ]);
  });

  it('there are none in an empty form', () => {
    expect(faults(NOTHING)).toEqual([]);
  });
});

describe('merge', () => {
  const disk = { title: 'A', description: '', keywords: ['x'] };
  const met = { draft: opened(disk), disk };

  it('of what nobody else touched is what was typed', () => {
    const mine = withText(met.draft, 'title', 'en', 'B');
    expect(merge(met, mine, disk)).toEqual({ merged: mine, clashing: [] });
  });

  it('takes over what only the other changed, also where it was emptied', () => {
    const { merged, clashing } = merge(met, met.draft, { title: 'A', description: '' });
    expect(merged.keywords).toEqual([]);
    expect(clashing).toEqual([]);
  });

  it('of the same change on both sides is no clash', () => {
    const mine = withText(met.draft, 'title', 'en', 'B');
    expect(merge(met, mine, { ...disk, title: 'B' }).clashing).toEqual([]);
  });
});

it('nothing, null, an empty text and an empty list are the same to a reader', () => {
  expect(isSame({ a: null, b: [], c: '' }, {})).toBe(true);
  expect(isSame({ b: 1, a: 2 }, { a: 2, b: 1 })).toBe(true);
  expect(isSame(['a', 'b'], ['b', 'a'])).toBe(false);
});
