import { complete } from './common_model';
import * as lookup from './lookup_taken';

const HANAKO = {
  name: 'Hanako Yamada',
  name_ja: '山田 花子',
  given_name: 'Hanako',
  family_name: 'Yamada',
  identifier: 'https://orcid.org/0000-0002-1825-0097',
  affiliation: { name: 'National Institute of Informatics' }
};
const NII = {
  name: 'National Institute of Informatics',
  alternate_name: '国立情報学研究所',
  identifier: 'https://ror.org/04ksd4g47'
};

describe('what is taken from a registry', () => {
  it('a person gets name, ORCID and, where there was none, the affiliation', () => {
    const taken = lookup.personTaken({ name: 'yamada', email: 'h@example.org' }, HANAKO);
    expect(taken).toMatchObject({ ...HANAKO, email: 'h@example.org' });
    const placed = { name: 'yamada', affiliation: { name: 'A school' } };
    expect(lookup.personTaken(placed, HANAKO).affiliation).toEqual({ name: 'A school' });
  });

  it('a name typed in Japanese is not lost where the registry writes it in Latin letters', () => {
    const found = { ...HANAKO, name_ja: null };
    expect(lookup.personTaken({ name: '山田花子' }, found)).toMatchObject({
      name: 'Hanako Yamada',
      name_ja: '山田花子'
    });
    expect(lookup.placeTaken({ name: '情報研' }, { ...NII, alternate_name: null })).toEqual({
      name: NII.name,
      name_ja: '情報研',
      identifier: NII.identifier
    });
  });

  it('a work that turns out to be data is no paper, and what was chosen otherwise stands', () => {
    const found = { identifier: 'https://doi.org/10.5072/data', kind: 'data', title: 'Levels' };
    const typed = { identifier: '10.5072/data', title: null };
    expect(lookup.workTaken({ ...typed, kind: 'paper' }, found as never)).toEqual(found);
    expect(lookup.workTaken({ ...typed, kind: 'other' }, found as never).kind).toBe('other');
  });

  it('names go to the field of their script, and a registry’s silence clears none', () => {
    const item = complete({ items: [{ hosting_ja: '手書き', hosting_en: '' }] }).items[0]!;
    expect(lookup.hostingTaken(item, NII)).toEqual({
      hosting_ja: '国立情報学研究所',
      hosting_en: NII.name,
      hosting_ror: NII.identifier
    });
    const silent = { ...NII, alternate_name: null };
    expect(lookup.hostingTaken(item, silent).hosting_ja).toBe('手書き');
    expect(lookup.funderTaken({ number: 'JP1' }, NII)).toEqual({
      funder: NII.name,
      funder_ja: '国立情報学研究所',
      identifier: NII.identifier,
      number: 'JP1'
    });
  });

  it('what is shown tells people of the same name apart', () => {
    expect(lookup.personShown(HANAKO)).toEqual({
      name: 'Hanako Yamada (山田 花子)',
      detail: 'orcid.org/0000-0002-1825-0097 · National Institute of Informatics'
    });
    expect(lookup.placeShown({ name: 'X', identifier: null })).toEqual({ name: 'X', detail: '' });
  });
});
