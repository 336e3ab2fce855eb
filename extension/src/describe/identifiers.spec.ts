import {
  isDay,
  isMail,
  isWebAddress,
  orcidCheck,
  readDoi,
  readFunder,
  readOrcid,
  readRor,
  rorCheck
} from './identifiers';

/** A small generator with a seed: the same numbers in every run. */
function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const random = numbers(20261121);
const letters = '0123456789abcdefghjkmnpqrstvwxyz';
const pick = (from: string) => from[Math.floor(random() * from.length)]!;
const word = (from: string, length: number) => Array.from({ length }, () => pick(from)).join('');
const orcids = Array.from({ length: 200 }, () => {
  const digits = word('0123456789', 15);
  return digits + orcidCheck(digits);
});
const rors = Array.from({ length: 200 }, () => {
  const body = `0${word(letters, 6)}`;
  return body + rorCheck(body);
});
const isRight = (reading: object) => 'url' in reading;

describe('an ORCID', () => {
  it.each(['0000-0002-1825-0097', '0000-0001-5109-3700', '0000-0002-1694-233X'])(
    '%s, one that exists, is taken',
    orcid => expect(readOrcid(orcid)).toEqual({ url: `https://orcid.org/${orcid}` })
  );

  it('is the same in all the ways it is written', () => {
    const url = 'https://orcid.org/0000-0002-1694-233X';
    for (const written of [
      ' 0000-0002-1694-233x ',
      '000000021694233X',
      'orcid.org/0000-0002-1694-233X',
      'http://www.orcid.org/0000-0002-1694-233X/',
      'ORCID: 0000-0002-1694-233X',
      url
    ]) {
      expect(readOrcid(written)).toEqual({ url });
    }
  });

  it('with any one digit mistyped is refused', () => {
    for (const orcid of orcids) {
      expect(isRight(readOrcid(orcid))).toBe(true);
      const at = Math.floor(random() * 15);
      const other = String((Number(orcid[at]) + 1 + Math.floor(random() * 9)) % 10);
      const wrong = orcid.slice(0, at) + other + orcid.slice(at + 1);
      expect(readOrcid(wrong)).toEqual({ fault: 'digits' });
    }
  });

  it('with two neighbours exchanged is refused', () => {
    for (const orcid of orcids) {
      const at = Math.floor(random() * 14);
      const swapped = orcid.slice(0, at) + orcid[at + 1]! + orcid[at]! + orcid.slice(at + 2);
      if (swapped !== orcid) {
        expect(readOrcid(swapped)).toEqual({ fault: 'digits' });
      }
    }
  });

  it.each([
    '',
    'Taro',
    '0000-0002-1825',
    '0000-0002-1825-00971',
    'https://example.org/0000-0002-1825-0097'
  ])('is not %p', written => expect(readOrcid(written)).toEqual({ fault: 'form' }));
});

describe('a ROR identifier', () => {
  it.each(['04ksd4g47', '057zh3y96', '03vek6s52'])('%s, one that exists, is taken', ror =>
    expect(readRor(`https://ror.org/${ror}`)).toEqual({ url: `https://ror.org/${ror}` })
  );

  it('with any one character mistyped is refused', () => {
    for (const ror of rors) {
      expect(isRight(readRor(ror))).toBe(true);
      const at = 1 + Math.floor(random() * 6);
      const others = letters.replace(ror[at]!, '');
      const wrong = ror.slice(0, at) + pick(others) + ror.slice(at + 1);
      expect(readRor(wrong)).toEqual({ fault: 'digits' });
    }
  });

  it('has neither i, l, o nor u', () => {
    expect(readRor('0iksd4g47')).toEqual({ fault: 'form' });
    expect(readRor('14ksd4g47')).toEqual({ fault: 'form' });
  });
});

describe('other identifiers', () => {
  it('a DOI becomes its URL, and a web address stays what it is', () => {
    const url = 'https://doi.org/10.5281/zenodo.1234567';
    for (const written of ['10.5281/zenodo.1234567', 'doi:10.5281/zenodo.1234567', url]) {
      expect(readDoi(written)).toEqual({ url });
    }
    expect(readDoi('https://github.com/a/b')).toEqual({ url: 'https://github.com/a/b' });
    expect(readDoi('https://doi.org/nonsense')).toEqual({ fault: 'form' });
    expect(readDoi('javascript:alert(1)')).toEqual({ fault: 'form' });
  });

  it('a funder is a ROR or an entry of the Crossref registry', () => {
    const url = 'https://doi.org/10.13039/501100001691';
    expect(readFunder('10.13039/501100001691')).toEqual({ url });
    expect(readFunder('04ksd4g47')).toEqual({ url: 'https://ror.org/04ksd4g47' });
    expect(readFunder('10.5281/zenodo.1')).toEqual({ fault: 'form' });
  });

  it('a day must exist', () => {
    expect(isDay('2028-02-29')).toBe(true);
    expect(isDay('2027-02-29')).toBe(false);
    expect(isDay('2027-4-1')).toBe(false);
  });

  it('mail and web addresses are told from names', () => {
    expect(isMail('a@b.jp')).toBe(true);
    expect(isMail('a at b.jp')).toBe(false);
    expect(isWebAddress('https://example.org/a?b=c')).toBe(true);
    expect(isWebAddress('example.org')).toBe(false);
  });
});
