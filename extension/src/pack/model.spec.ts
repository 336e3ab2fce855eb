import type { Finding, Job, PackResult, ReplayResult, ScanResult, Severity } from '../api';
import {
  blocks,
  fingerprint,
  FRESH,
  marks,
  reduce,
  restored,
  whole,
  type Action,
  type IFacts,
  type IPackState
} from './model';

const ID = 'a'.repeat(32);

function finding(severity: Severity, code: string, path = 'a.ipynb'): Finding {
  return { severity, code, path, where: path, message: code, hint: '', cell: null, line: null };
}

function scanned(...findings: Finding[]): IFacts['scan'] {
  return { job: { status: 'done' } as Job, result: { findings } as ScanResult };
}

function packed(...findings: Finding[]): IFacts['pack'] {
  return { job: { status: 'done' } as Job, result: { findings } as PackResult };
}

const NOTHING: IFacts = {
  scan: { job: null, result: null },
  verify: { job: null, result: null },
  pack: { job: null, result: null },
  stale: [],
  looked: null,
  waived: [],
  complaints: null
};

const done = (state: IPackState, ...actions: Action[]) => actions.reduce(reduce, state);

describe('the steps', () => {
  it('are all open at first, and checking by running is optional', () => {
    expect(marks(NOTHING)).toEqual({
      scan: 'open',
      describe: 'open',
      verify: 'optional',
      pack: 'open',
      publish: 'open'
    });
  });

  it('say when there are errors, warnings nobody looked at, or nothing', () => {
    const warning = finding('warning', 'never-run');
    const facts = { ...NOTHING, scan: scanned(finding('error', 'secret'), warning) };
    expect(marks(facts).scan).toBe('blocked');
    expect(marks({ ...facts, waived: ['secret'] }).scan).toBe('look');
    expect(marks({ ...facts, waived: ['secret'], looked: fingerprint([warning]) }).scan).toBe(
      'done'
    );
    expect(marks({ ...NOTHING, scan: scanned(finding('note', 'needs-gpu')) }).scan).toBe('done');
  });

  it('say when a job runs or was stopped, whatever came of the one before', () => {
    const { result } = packed();
    const pack = (status: Job['status']) => ({ job: { status } as Job, result });
    expect(marks({ ...NOTHING, pack: pack('running') }).pack).toBe('running');
    expect(marks({ ...NOTHING, pack: pack('interrupted') }).pack).toBe('stopped');
  });

  it('say when nothing stands between a crate and its publication', () => {
    expect(marks({ ...NOTHING, scan: scanned(), pack: packed() }).publish).toBe('ready');
    expect(marks({ ...NOTHING, pack: packed() }).publish).toBe('blocked');
  });

  it('say when this very crate is published, and that a newer one is not', () => {
    const pack = { job: { status: 'done' } as Job, result: { findings: [], identity: 'a' } };
    const publish = (status: Job['status'], identity: string) => ({
      job: { status } as Job,
      result: { identity }
    });
    const facts = (of: object) =>
      marks({ ...NOTHING, scan: scanned(), pack, publish: of } as unknown as IFacts).publish;
    expect(facts(publish('done', 'a'))).toBe('done');
    expect(facts(publish('done', 'b'))).toBe('ready');
    expect(facts(publish('running', 'a'))).toBe('running');
    expect(facts(publish('failed', 'a'))).toBe('stopped');
  });

  it('ask to look at a run that did not repeat', () => {
    const verify = (verdict: ReplayResult['verdict']) => ({
      job: { status: 'done' } as Job,
      result: { verdict } as ReplayResult
    });
    expect(marks({ ...NOTHING, verify: verify('different') }).verify).toBe('look');
    expect(marks({ ...NOTHING, verify: verify('equivalent') }).verify).toBe('done');
  });
});

describe('publishing', () => {
  const kinds = (facts: IFacts) => blocks(facts).map(one => one.kind);

  it('waits for a scan and a crate', () => {
    expect(kinds(NOTHING)).toEqual(['not-scanned', 'not-packed']);
  });

  it('is blocked by an error until it is mended or waived by name', () => {
    const facts = { ...NOTHING, scan: scanned(finding('error', 'secret')), pack: packed() };
    expect(kinds(facts)).toEqual(['errors']);
    expect(kinds({ ...facts, waived: ['missing-file'] })).toEqual(['errors']);
    expect(kinds({ ...facts, waived: ['secret'] })).toEqual([]);
  });

  it('asks once about warnings, and again only when they are others', () => {
    const [one, two] = [finding('warning', 'never-run'), finding('warning', 'large-file')];
    const looked = fingerprint([one]);
    const facts = { ...NOTHING, scan: scanned(one), pack: packed(), looked };
    expect(kinds(facts)).toEqual([]);
    expect(kinds({ ...facts, scan: scanned(one, two) })).toEqual(['warnings']);
  });

  it('is blocked by errors in the crate, also where the study has none any more', () => {
    const facts = { ...NOTHING, scan: scanned(), pack: packed(finding('error', 'missing-file')) };
    expect(kinds(facts)).toEqual(['errors-in-crate']);
  });

  it('wants the crate packed again after a change here', () => {
    expect(kinds({ ...NOTHING, scan: scanned(), pack: packed(), stale: ['pack'] })).toEqual([
      'changed'
    ]);
  });
});

describe('the fingerprint of warnings', () => {
  it('holds in any order and beside any notes, and tells other places apart', () => {
    const [one, two] = [finding('warning', 'never-run'), finding('warning', 'large-file')];
    expect(fingerprint([one, two, finding('note', 'x')])).toBe(fingerprint([two, one]));
    expect(fingerprint([one])).not.toBe(fingerprint([finding('warning', 'never-run', 'b.ipynb')]));
    expect(fingerprint([one, one])).not.toBe(fingerprint([one]));
  });
});

describe('the state', () => {
  const mended = { undo: ID, title: 'Clear the output', changed: ['a.ipynb'] };

  it('comes back from what was saved, whatever was done', () => {
    const state = done(
      FRESH,
      { type: 'go', step: 'pack' },
      { type: 'work', work: 'scan', ids: { id: ID, shown: ID } },
      { type: 'kernel', kernel: 'python3' },
      { type: 'waive', code: 'secret', waived: true },
      { type: 'options', options: { repeats: 2, cellTimeoutSeconds: 60 } },
      { type: 'destination', destination: 'x.crate.zip' },
      { type: 'look', fingerprint: '1-a-b' },
      { type: 'mended', mended }
    );
    expect(restored(JSON.parse(JSON.stringify(state)))).toEqual(state);
  });

  it.each([null, 'text', [], { step: 'nowhere', scan: { id: '../x' }, waived: [1], mended: [1] }])(
    'begins anew where what was saved is %j',
    saved => expect(restored(saved)).toEqual(FRESH)
  );

  it('knows which results are older than a change, and that a new one is not', () => {
    const ids = { id: ID, shown: ID };
    const worked = done(
      FRESH,
      { type: 'work', work: 'scan', ids },
      { type: 'work', work: 'pack', ids }
    );
    const changed = reduce(worked, { type: 'mended', mended });
    expect(changed.stale).toEqual(['scan', 'pack']);
    expect(reduce(changed, { type: 'begun', work: 'scan' }).stale).toEqual(['pack']);
    const described = (isOfScan: boolean) => reduce(worked, { type: 'described', isOfScan }).stale;
    expect(described(false)).toEqual(['pack']);
    expect(described(true)).toEqual(['scan', 'pack']);
    expect(reduce(FRESH, { type: 'mended', mended }).stale).toEqual([]);
  });

  it('waives a code once, and takes that back', () => {
    const waive = (waived: boolean): Action => ({ type: 'waive', code: 'secret', waived });
    expect(done(FRESH, waive(true), waive(true)).waived).toEqual(['secret']);
    expect(done(FRESH, waive(true), waive(false)).waived).toEqual([]);
  });
});

it('a number that was typed counts only when it is whole and within bounds', () => {
  expect(whole('3', 1, 20)).toBe(3);
  expect(['', ' ', '0', '21', '1.5', 'x', null].map(one => whole(one, 1, 20))).toEqual(
    Array(7).fill(null)
  );
});
