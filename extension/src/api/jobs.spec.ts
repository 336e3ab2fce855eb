import { Api } from './client';
import { Jobs } from './jobs';
import { aJob, ServerDouble } from './testing/server';
import type { Job } from './types';

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) {
    await new Promise(resolve => setTimeout(resolve, 2));
  }
}

describe('Jobs', () => {
  let server: ServerDouble;
  let jobs: Jobs;
  let heard: Job[];

  beforeEach(() => {
    server = new ServerDouble();
    server.answers.set('GET jobs', () => ({
      body: { jobs: [server.job], next: null, total: 1 }
    }));
    server.answers.set('POST jobs', () => ({ status: 201, body: server.job }));
    jobs = new Jobs(new Api(server.settings), {
      interval: 20,
      following: { delays: [5], interval: 10 }
    });
    heard = [];
    jobs.changed.connect((_, job) => heard.push(job));
  });

  afterEach(() => jobs.dispose());

  it('finds what began elsewhere, follows it live, and lets go of it at its end', async () => {
    jobs.watch();
    await until(() => jobs.underWay.length === 1 && server.sockets.length === 1);
    server.tell({ type: 'status', status: 'done' });
    await until(() => jobs.underWay.length === 0);
    expect(heard[heard.length - 1]?.status).toBe('done');
    await until(() => server.sockets.every(socket => socket.closed));
  });

  it('shares one connection between all who follow a job', async () => {
    await jobs.start({ kind: 'replay', path: 'tides.crate.zip' });
    const one = jobs.follow(server.job.id);
    const other = jobs.follow(server.job.id);
    await until(() => server.sockets.length === 1);
    one.dispose();
    server.tell({ type: 'note', message: 'still here' });
    await until(() => other.notes.length === 1);
    expect(server.sockets).toHaveLength(1);
    expect(one.isDisposed).toBe(true);
    other.dispose();
  });

  it('tells at once of what it was asked to start, and only once of what did not change', async () => {
    server.job = aJob({ status: 'done' });
    await jobs.start({ kind: 'scan', path: 'tides' });
    await jobs.refresh();
    await jobs.refresh();
    expect(heard).toHaveLength(1);
    expect(jobs.underWay).toEqual([]);
  });

  it('says that the server is gone, and forgets it once it answers', async () => {
    server.gone = true;
    jobs.watch();
    await until(() => jobs.problem?.reason === 'gone');
    server.gone = false;
    await until(() => jobs.problem === null);
  });

  it('a job that was forgotten in another tab is gone here as well', async () => {
    const gone: string[] = [];
    jobs.removed.connect((_, id) => gone.push(id));
    jobs.meet(server.job);
    await until(() => server.sockets.length === 1);
    server.answers.set(`GET jobs/${server.job.id}/events`, () => ({
      status: 404,
      body: { message: 'no such job', reason: 'not-found', where: '', hint: '' }
    }));
    server.breakSockets();
    await until(() => gone.length === 1);
    expect(jobs.underWay).toEqual([]);
  });

  it('removes a job for everybody', async () => {
    const gone: string[] = [];
    jobs.removed.connect((_, id) => gone.push(id));
    server.job = aJob({ status: 'done' });
    jobs.meet(server.job);
    server.answers.set(`DELETE jobs/${server.job.id}`, () => ({ status: 204, text: '' }));
    await jobs.remove(server.job.id);
    expect(gone).toEqual([server.job.id]);
  });
});
