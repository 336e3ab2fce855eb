import { Signal } from '@lumino/signaling';

import type { Job, JobPage, JobsWanted } from '../api';
import { Problem } from '../api';
import { aJob } from '../api/testing/server';
import { RunsModel } from './model';

/** Return job number `number`; a higher number is a later job. */
function numbered(number: number, part: Partial<Job> = {}): Job {
  const created = new Date(Date.UTC(2026, 0, 1) + number * 60000).toISOString();
  return aJob({ id: String(number), created, status: 'done', title: `study ${number}`, ...part });
}

/** The server's list, as the contract has it: newest first, with a cursor. */
class ListDouble {
  jobs: Job[];
  asked: JobsWanted[] = [];
  problem: Problem | null = null;
  readonly changed = new Signal<this, Job>(this);
  readonly removed = new Signal<this, string>(this);

  constructor(count: number) {
    this.jobs = Array.from({ length: count }, (_, at) => numbered(count - at));
  }

  async listJobs(wanted: JobsWanted = {}): Promise<JobPage> {
    this.asked.push(wanted);
    if (this.problem) {
      throw this.problem;
    }
    const found = this.jobs.filter(job => job.title.includes(wanted.query ?? ''));
    const from = wanted.after ? found.findIndex(job => job.id === wanted.after) + 1 : 0;
    const jobs = found.slice(from, from + (wanted.limit ?? 50));
    const more = from + jobs.length < found.length;
    return { jobs, next: more ? (jobs[jobs.length - 1]?.id ?? null) : null, total: found.length };
  }

  /** Add a job and say so. */
  begin(job: Job): void {
    this.jobs = [job, ...this.jobs];
    this.changed.emit(job);
  }
}

async function settled(milliseconds = 0): Promise<void> {
  await new Promise(resolve => setTimeout(resolve, milliseconds));
}

describe('RunsModel', () => {
  let list: ListDouble;
  let model: RunsModel;

  beforeEach(async () => {
    list = new ListDouble(10000);
    model = new RunsModel(list, list as never);
    model.narrow({});
    await settled();
  });

  afterEach(() => model.dispose());

  it('knows the length of a long history after one question', () => {
    expect(model.total).toBe(10000);
    expect(list.asked).toHaveLength(1);
    expect(model.itemAt(0)?.id).toBe('10000');
    expect(model.itemAt(9999)).toBeUndefined();
  });

  it('fetches as far as somebody looks, every job once and in order', async () => {
    model.need(700);
    await settled(20);
    const ids = Array.from({ length: 701 }, (_, at) => model.itemAt(at)?.id);
    expect(ids).toEqual(Array.from({ length: 701 }, (_, at) => String(10000 - at)));
    expect(list.asked.length).toBeLessThan(7);
  });

  it('changes a job in its place when it goes on', () => {
    list.changed.emit(numbered(9990, { status: 'running' }));
    expect(model.itemAt(10)).toMatchObject({ id: '9990', status: 'running' });
    expect(list.asked).toHaveLength(1);
  });

  it('puts a new job on top without fetching again what lies below', async () => {
    model.need(300);
    await settled(20);
    const asked = list.asked.length;
    list.begin(numbered(10001));
    await settled(450);
    expect(list.asked).toHaveLength(asked + 1);
    expect(model.itemAt(0)?.id).toBe('10001');
    expect(model.itemAt(300)?.id).toBe('9701');
    expect(model.total).toBe(10001);
  });

  it('takes a deleted job away', () => {
    list.removed.emit('9999');
    expect([model.itemAt(1)?.id, model.total]).toEqual(['9998', 9999]);
  });

  it('narrows to what the server finds, and forgets the answer to an older question', async () => {
    model.narrow({ query: 'study 77' });
    model.narrow({ query: 'study 7777' });
    await settled(20);
    expect(model.total).toBe(1);
    expect(model.itemAt(0)?.id).toBe('7777');
  });

  it('shows why nothing can be fetched, and asks again only when told to', async () => {
    list.problem = new Problem({ message: 'gone', reason: 'gone' });
    model.reload();
    await settled(20);
    expect(model.problem?.reason).toBe('gone');
    const asked = list.asked.length;
    model.need(500);
    await settled(20);
    expect(list.asked).toHaveLength(asked);
    list.problem = null;
    model.reload();
    await settled(20);
    expect([model.problem, model.total]).toEqual([null, 10000]);
  });
});
