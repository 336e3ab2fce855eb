import { nullTranslator } from '@jupyterlab/translation';

import { aJob } from '../api/testing/server';
import { saidWords } from '../words';
import {
  complaintsOf,
  listOf,
  liveStanding,
  NOTHING_CHOSEN,
  orderOf,
  writtenStanding
} from './model';

const choice = { ...NOTHING_CHOSEN, list: 'crates' };

describe('the order of a campaign', () => {
  it('says nothing of limits that nobody typed', () => {
    expect(orderOf(choice, 'ja')).toMatchObject({
      kind: 'campaign',
      path: 'crates',
      runner: 'local',
      workers: 0,
      seconds: null,
      memory_bytes: null,
      tries: 3,
      language: 'ja'
    });
  });

  it('gives memory in bytes and seconds as they were typed', () => {
    const typed = { ...choice, memory: '1500', seconds: '0.5', secondsCeiling: '90.5' };
    expect(complaintsOf(typed)).toEqual(new Set(['seconds']));
    expect(orderOf({ ...typed, seconds: '2.5' }, 'en')).toMatchObject({
      memory_bytes: 1_500_000_000,
      seconds: 2.5,
      seconds_ceiling: 90.5
    });
  });

  it.each(['-1', '1.5', 'many', '10001', '1e3'])('is none with %j workers', workers => {
    expect(orderOf({ ...choice, workers }, 'en')).toBeUndefined();
  });

  it.each(['', '   ', '/etc', '../other', './here'])('is none for the list %j', list => {
    expect(orderOf({ ...choice, list }, 'en')).toBeUndefined();
  });

  it.each(['10.5281/zenodo.1', 'doi:10.5281/zenodo.1', 'https://a.example/x', 'zenodo:tides'])(
    'takes %j for an address',
    text => expect(listOf(` ${text} `)).toEqual({ list: text })
  );

  it.each([
    ['crates/', 'crates'],
    ['10 crates/list.csv', '10 crates/list.csv'],
    ['zenodo', 'zenodo']
  ])('takes %j for a path', (text, path) => expect(listOf(text)).toEqual({ path }));
});

describe('how a campaign stands', () => {
  const progress = {
    stage: 'campaign',
    done: 4,
    total: 9,
    message: '1 identical, 2 not restored, 1 broken',
    seconds_left: null
  };

  it('is read off the progress of its job', () => {
    expect(liveStanding(aJob({ progress }))).toEqual({
      done: 4,
      total: 9,
      counts: [
        ['identical', 1],
        ['not restored', 2],
        ['broken', 1]
      ]
    });
    expect(liveStanding(aJob({ progress: { ...progress, stage: 'list' } }))).toBeNull();
  });

  it('is nothing done where nothing was said yet', () => {
    const standing = liveStanding(aJob({ progress: { ...progress, done: 0, message: '' } }));
    expect(standing).toEqual({ done: 0, total: 9, counts: [] });
  });

  it('counts what ended without a verdict as done, too', () => {
    const states = { judged: 2, known: 1, broken: 1, 'given up': 1, waiting: 3 };
    const verdicts = { identical: 2, different: 1 };
    expect(writtenStanding({ tasks: 8, states, verdicts })).toEqual({
      done: 5,
      total: 8,
      counts: [
        ['identical', 2],
        ['different', 1],
        ['broken', 1],
        ['given up', 1]
      ]
    });
  });

  it('is said in the person’s words where the server says it in its own', () => {
    const trans = nullTranslator.load('recrate');
    expect(saidWords(trans, progress.message)).toBe('1 identical · 2 not restored · 1 broken');
    const queued = 'kyoto: 2 workers, 3 waiting in the queue';
    expect(saidWords(trans, queued)).toBe('kyoto: 2 at work, 3 waiting in the queue');
    expect(saidWords(trans, '1 identical, 2 <b>')).toBe('1 identical, 2 <b>');
  });
});
