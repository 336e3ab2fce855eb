import { begun, complete, tally, withItem, withItemBack } from './common_model';
import { opened, without } from './model';

const DRAFT = opened({
  title: '潮位',
  description: 'Levels of a harbour',
  language: 'ja',
  funding: [{ funder: 'JSPS', number: 'JP20H00001' }]
});

function offered(value: unknown, from = 'form') {
  return { field: 'common', from, value } as never;
}

function complaint(field: string, severity = 'warning') {
  return { field, severity, code: 'not-answered', message: 'missing', hint: '' } as never;
}

describe('the common metadata items in the form', () => {
  it('what nobody said is an empty text or list, and the answers that hold by default stand', () => {
    const common = complete({ funder: 'JST', items: [{ number: '7' }] });
    expect(common.funder).toBe('JST');
    expect(common.additional).toEqual([]);
    expect(common.items[0]).toMatchObject({ number: '7', title_en: '', field: 'project' });
    expect(common.items[0]!.manager).toMatchObject({ kind: 'individual', email: '' });
  });

  it('a study without a data set keeps none, and an answer that was cleared stays clear', () => {
    expect(complete({ items: [] }).items).toEqual([]);
    expect(complete({ items: [{ field: '' }] }).items[0]!.field).toBe('');
  });

  it('begin with what the form holds where the server offers nothing', () => {
    const common = begun(DRAFT, []);
    expect(common.award_number).toBe('JP20H00001');
    expect(common.items[0]).toMatchObject({ number: '1', title_ja: '潮位', title_en: '' });
  });

  it('take from the server what the form does not say, and from the form what is newer', () => {
    const common = begun(DRAFT, [
      offered({ funder: 'JSPS', items: [{ title_ja: '古い題名', licence: 'CCBY', size: '<1GB' }] })
    ]);
    expect(common.funder).toBe('JSPS');
    expect(common.items).toHaveLength(1);
    expect(common.items[0]).toMatchObject({ title_ja: '潮位', licence: 'CCBY', size: '<1GB' });
  });

  it('what an earlier crate said counts first, and its data sets are not mixed with others', () => {
    const earlier = offered({ items: [{ title_en: 'A' }, { title_en: 'B' }] }, 'old.crate.zip');
    const common = begun(DRAFT, [earlier, offered({ field: '189', items: [{ size: '<1GB' }] })]);
    expect(common.items.map(one => one.title_en)).toEqual(['A', 'B']);
    expect(common.items.map(one => one.size)).toEqual(['', '']);
    expect(common.field).toBe('189');
  });

  it('a suggestion for another field changes nothing', () => {
    const other = { field: 'keywords', from: 'git', value: ['tide'] } as never;
    expect(begun(DRAFT, [other])).toEqual(begun(DRAFT, []));
  });

  it('a new data set gets a number that none has', () => {
    const items = withItem(complete({ items: [{ number: '4' }, { number: 'x' }] }).items);
    expect(items.map(one => one.number)).toEqual(['4', 'x', '5']);
    expect(withItem([])[0]!.number).toBe('1');
  });

  it('a removed data set comes back where it was', () => {
    const items = complete({ items: [{ number: '1' }, { number: '2' }, { number: '3' }] }).items;
    for (const at of [0, 1, 2]) {
      expect(withItemBack(without(items, at), at, items[at]!)).toEqual(items);
    }
  });

  it('complaints are counted where they belong, and what is refused apart', () => {
    const complaints = [
      complaint('common.funder'),
      complaint('common.items.0.title_ja'),
      complaint('common.items.0.manager.email', 'error'),
      complaint('common.items.10.title_ja'),
      complaint('creators.0.name')
    ];
    expect(tally(complaints, 'common')).toEqual({ wrong: 1, missing: 3 });
    expect(tally(complaints, 'common.items.0', ['manager'])).toEqual({ wrong: 1, missing: 0 });
    expect(tally(complaints, 'common.items.1')).toEqual({ wrong: 0, missing: 0 });
    expect(tally(complaints, 'common', ['funder', 'field'])).toEqual({ wrong: 0, missing: 1 });
  });
});
