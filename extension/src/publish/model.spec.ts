import type { Finding, Preflight, PublishPlace, Receipt } from '../api';
import {
  doiAddress,
  FRESH,
  gifts,
  isFinal,
  isOfDescription,
  missing,
  orderOf,
  ordered,
  others,
  outcome,
  reduce,
  restored,
  said,
  stageOf,
  standing,
  told,
  webAddress,
  type Action,
  type IPublishState
} from './model';

const CAN: NonNullable<PublishPlace['capabilities']> = {
  crate_limit_bytes: null,
  file_limit_bytes: null,
  file_count_limit: null,
  needs_account: true,
  gives_doi: true,
  reserves_doi: true,
  drafts: true,
  versions: true,
  private: false,
  relations: true,
  review: true
};

function option(name: string, part: Partial<PublishPlace['options'][number]> = {}) {
  const none = { label_en: name, label_ja: name, help_en: '', help_ja: '' };
  return { name, ...none, kind: 'text' as const, choices: [], value: '', required: false, ...part };
}

function place(part: Partial<PublishPlace> = {}): PublishPlace {
  return {
    name: 'zenodo',
    kind: 'inveniordm',
    title: 'Zenodo',
    title_ja: 'Zenodo',
    available: true,
    reason: '',
    has_token: true,
    token_variable: 'RECRATE_TOKEN_ZENODO',
    capabilities: CAN,
    options: [],
    ...part
  };
}

function finding(severity: Finding['severity'], code: string): Finding {
  return { severity, code, where: '', message: code, hint: '' } as Finding;
}

const done = (...actions: Action[]): IPublishState => actions.reduce(reduce, FRESH);

describe('what was chosen', () => {
  it('comes back after a reload as it was, and by place', () => {
    const state = done(
      { type: 'choose', place: 'kyoto' },
      { type: 'answer', place: 'kyoto', name: 'index', value: '16' },
      { type: 'answer', place: 'site', name: 'folder', value: 'www' },
      { type: 'draft', draft: true },
      { type: 'job', job: 'a'.repeat(32) }
    );
    expect(restored(JSON.parse(JSON.stringify(state)))).toEqual(state);
    expect(state.answers).toEqual({ kyoto: { index: '16' }, site: { folder: 'www' } });
  });

  it('is forgotten where it is not as we would have written it', () => {
    expect(restored({ place: 3, answers: { a: { b: 1, c: 'd' }, e: [] }, job: '../x' })).toEqual({
      ...FRESH,
      answers: { a: { c: 'd' }, e: {} }
    });
    expect(restored(null)).toEqual(FRESH);
  });

  it('begins without a draft at another place', () => {
    const state = done({ type: 'draft', draft: true }, { type: 'choose', place: 'site' });
    expect(state.draft).toBe(false);
  });
});

describe('answers', () => {
  const asked = place({
    options: [option('index', { required: true }), option('way', { value: 'whole' })]
  });

  it('are sent where they differ from what holds without them, an emptied one too', () => {
    expect(told(asked, { index: ' 16 ', way: 'whole' })).toEqual({ index: '16' });
    expect(told(asked, { way: '' })).toEqual({ way: '' });
    expect(told(asked, { constructor: 'x' } as never)).toEqual({});
  });

  it('are missing where a required one is empty', () => {
    expect(missing(asked, {})).toEqual(['index']);
    expect(missing(asked, { index: '  ' })).toEqual(['index']);
    expect(missing(asked, { index: '16' })).toEqual([]);
  });
});

describe('a place', () => {
  it('tells what it gives', () => {
    expect(gifts(place())).toEqual(['doi', 'drafts', 'versions', 'review']);
    expect(gifts(place({ capabilities: { ...CAN, gives_doi: false, review: false } }))).toEqual([
      'no-doi',
      'drafts',
      'versions'
    ]);
    expect(gifts(place({ capabilities: null }))).toEqual([]);
  });

  it('says what becomes of it, and what cannot be taken back', () => {
    const folder = { ...CAN, needs_account: false, gives_doi: false };
    const weko = place({
      kind: 'weko',
      options: [option('publish', { value: 'private' }), option('doi_prefix')]
    });
    const invenio = place({ options: [option('community')] });
    expect(outcome(invenio, {}, false)).toBe('doi');
    expect(outcome(invenio, {}, true)).toBe('draft');
    expect(outcome(invenio, { community: 'tides' }, false)).toBe('review');
    expect(outcome(place({ kind: 'folder', capabilities: folder }), {}, false)).toBe('folder');
    expect(outcome(place({ kind: 'grdm' }), {}, false)).toBe('private');
    expect(outcome(weko, {}, false)).toBe('private');
    expect(outcome(weko, { publish: 'public' }, false)).toBe('public');
    expect(outcome(weko, { publish: 'public', doi_prefix: '10.5072' }, false)).toBe('doi');
    expect(outcome(weko, { publish: 'workflow' }, false)).toBe('review');
    expect(
      ['doi', 'public', 'review', 'draft', 'private', 'folder'].filter(one => isFinal(one as 'doi'))
    ).toEqual(['doi', 'public', 'review']);
  });
});

describe('what a repository says', () => {
  it('has refusals first, and asks for a token only at the token', () => {
    const all = [finding('note', 'a'), finding('warning', 'b'), finding('error', 'no-token')];
    expect(ordered(all).map(one => one.severity)).toEqual(['error', 'warning', 'note']);
    expect(said(place({ has_token: false }), all).map(one => one.code)).toEqual(['a', 'b']);
    expect(said(place(), [finding('error', 'weko-token')])).toHaveLength(1);
  });

  it('leads to the description where that mends it', () => {
    for (const code of ['inveniordm-field', 'weko-title', 'datacite-missing', 'grdm-no-metadata']) {
      expect(isOfDescription(finding('error', code))).toBe(true);
    }
    for (const code of ['weko-index', 'inveniordm-size', 'grdm-token', 'site-not-ours']) {
      expect(isOfDescription(finding('error', code))).toBe(false);
    }
  });

  it('tells a crate that is there from a draft, and both from what was begun', () => {
    const seen = (part: Partial<Preflight>) =>
      standing({ unfinished: null, receipt: null, ...part } as Preflight);
    const receipt = (status: Receipt['status']) => ({ status }) as Receipt;
    expect(seen({})).toBe('fresh');
    expect(seen({ unfinished: 'a' })).toBe('unfinished');
    expect(seen({ receipt: receipt('draft') })).toBe('draft');
    expect(seen({ unfinished: 'a', receipt: receipt('draft') })).toBe('draft');
    expect(seen({ receipt: receipt('handed-in') })).toBe('there');
  });
});

describe('an order', () => {
  it('names the crate, the place and only the answers of that place', () => {
    const asked = place({ options: [option('community')] });
    const wanted = {
      answers: { community: 'x', odd: 'y' },
      draft: true,
      newVersionOf: '7',
      goOn: false
    };
    expect(orderOf({ path: 'a.crate.zip', run: null }, asked, wanted)).toEqual({
      kind: 'publish',
      path: 'a.crate.zip',
      run: null,
      place: 'zenodo',
      answers: { community: 'x' },
      draft: true,
      new_version_of: '7',
      go_on: false
    });
  });
});

describe('addresses', () => {
  it('are links only where they lead to the web', () => {
    expect(webAddress('https://a.example/1')).toBe('https://a.example/1');
    for (const hostile of ['javascript:alert(1)', 'data:text/html,x', '/srv/site', '', null]) {
      expect(webAddress(hostile)).toBeNull();
    }
    expect(doiAddress('10.5072/a b?c#d')).toBe('https://doi.org/10.5072/a%20b%3Fc%23d');
  });
});

describe('a publication', () => {
  it('has stages, and another one of the work belongs to one of them', () => {
    expect(stageOf('upload')).toBe('upload');
    expect(stageOf('unpack')).toBe('write');
    expect(stageOf('constructor')).toBe('preflight');
  });

  it('is listed below what is shown, unless something can be done with it', () => {
    const one = (mark: string, status: Receipt['status']) =>
      ({ mark, receipt: { status } }) as Parameters<typeof others>[0][number];
    const all = [one('a', 'published'), one('b', 'draft')];
    expect(others(all, 'a').map(({ mark }) => mark)).toEqual(['b']);
    expect(others(all, 'b').map(({ mark }) => mark)).toEqual(['a', 'b']);
  });
});
