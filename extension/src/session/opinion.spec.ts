import { complaintsOf, NOTHING_SAID, reviewOrder, verdictPath } from './opinion';

const ORCID = '0000-0002-1825-0097';

describe('a reviewer’s verdict', () => {
  const notebooks = ['a.ipynb', 'b.ipynb'];
  const said = { ...NOTHING_SAID, opinion: 'confirms' as const };

  it('is an order only when an opinion is chosen and a notebook is left', () => {
    expect(reviewOrder(NOTHING_SAID, notebooks, 'en')).toBeUndefined();
    expect(reviewOrder({ ...said, leftOut: notebooks }, notebooks, 'en')).toBeUndefined();
    expect(reviewOrder(said, [], 'en')).toBeUndefined();
    expect(reviewOrder({ ...said, leftOut: ['a.ipynb'] }, notebooks, 'ja')).toEqual({
      kind: 'review',
      reviewer: { name: '', orcid: null, affiliation: '' },
      opinion: 'confirms',
      statement: '',
      notebooks: ['b.ipynb'],
      language: 'ja'
    });
  });

  it('takes an ORCID whose check digit fits, and only beside a name', () => {
    expect(complaintsOf({ ...said, orcid: '0000-0002-1825-0098' }, notebooks).orcid).toBe('digits');
    expect(complaintsOf({ ...said, orcid: '1234' }, notebooks).orcid).toBe('form');
    expect(complaintsOf({ ...said, orcid: ORCID }, notebooks).orcid).toBe('name');
    const named = { ...said, name: ' Hama ', orcid: ORCID };
    expect(reviewOrder(named, notebooks, 'en')?.reviewer).toEqual({
      name: 'Hama',
      orcid: `https://orcid.org/${ORCID}`,
      affiliation: ''
    });
  });

  it('asks whoever doubts to say what', () => {
    expect(complaintsOf({ ...said, opinion: 'doubts' }, notebooks).statement).toBe('none');
    expect(complaintsOf({ ...said, opinion: 'undecided' }, notebooks)).toEqual({});
  });

  it('has a file of its own for each verdict', () => {
    const id = '0123456789abcdef';
    expect(verdictPath(id)).toBe('verdict-01234567.crate.zip');
    expect(verdictPath(id, 2)).toBe('verdict-01234567-2.crate.zip');
  });
});
