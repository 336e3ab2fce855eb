import { Api } from './client';
import { JobFollower } from './following';
import { ServerDouble } from './testing/server';

const FAST = { delays: [5, 10], interval: 10, socketAgainAfter: 60 };

/** Wait until something holds; fails by the test's own time limit. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) {
    await new Promise(resolve => setTimeout(resolve, 2));
  }
}

function step(done: number, message = ''): { type: 'progress'; progress: never } {
  const progress = { stage: 'replay', done, total: 10, message, seconds_left: null };
  return { type: 'progress', progress: progress as never };
}

describe('JobFollower', () => {
  let server: ServerDouble;
  let follower: JobFollower;

  beforeEach(() => {
    server = new ServerDouble();
  });

  afterEach(() => follower.dispose());

  function follow(): JobFollower {
    follower = new JobFollower(new Api(server.settings), server.job.id, FAST);
    return follower;
  }

  it('shows what happened before, then what happens, and ends with the job', async () => {
    server.tell({ type: 'note', message: 'earlier' });
    follow();
    await until(() => server.sockets.length === 1);
    await until(() => follower.job !== null);
    server.tell(step(3));
    await until(() => follower.job?.progress?.done === 3);
    expect(follower.connection).toBe('live');
    server.tell({ type: 'note', message: 'later' });
    server.tell({ type: 'status', status: 'done' });
    await until(() => follower.connection === 'ended');
    expect(follower.job?.status).toBe('done');
    expect(follower.notes.map(note => note.message)).toEqual(['earlier', 'later']);
  });

  it('comes back after a broken connection without counting an event twice', async () => {
    follow();
    await until(() => server.sockets.length === 1);
    server.tell({ type: 'note', message: 'one' });
    await until(() => follower.notes.length === 1);
    server.breakSockets();
    server.tell({ type: 'note', message: 'two' });
    await until(() => server.sockets.length === 2);
    expect(server.sockets[1]?.url).toContain('after=1');
    server.tell({ type: 'note', message: 'three' });
    await until(() => follower.notes.length >= 3);
    expect(follower.notes.map(note => note.message)).toEqual(['one', 'two', 'three']);
  });

  it('polls after two failures in a row, and asks only for what is new', async () => {
    server.socketsRefused = true;
    follow();
    await until(() => follower.connection === 'polling');
    expect(server.sockets).toHaveLength(2);
    server.tell(step(1));
    server.tell(step(2));
    await until(() => follower.job?.progress?.done === 2);
    const before = server.arrived.length;
    await until(() => server.arrived.length > before + 1);
    expect(server.arrived[server.arrived.length - 1]?.query.get('after')).toBe('1');
    server.tell({ type: 'status', status: 'failed' });
    await until(() => follower.connection === 'ended');
    expect(follower.job?.status).toBe('failed');
  });

  it('goes back to the websocket once one comes through again', async () => {
    server.socketsRefused = true;
    follow();
    await until(() => follower.connection === 'polling');
    server.socketsRefused = false;
    await until(() => server.sockets.length > 2);
    server.tell(step(5));
    await until(() => follower.connection === 'live');
    const asked = server.arrived.length;
    await new Promise(resolve => setTimeout(resolve, 60));
    expect(server.arrived).toHaveLength(asked);
  });

  it('outlives a server that is gone for a while, and says so meanwhile', async () => {
    follow();
    await until(() => server.sockets.length === 1);
    server.gone = true;
    server.breakSockets();
    await until(() => follower.connection === 'away');
    expect(follower.problem?.reason).toBe('gone');
    server.tell(step(9));
    server.tell({ type: 'status', status: 'interrupted' });
    server.gone = false;
    await until(() => follower.connection === 'ended');
    expect(follower.problem).toBeNull();
    expect(follower.job).toMatchObject({ status: 'interrupted', progress: { done: 9 } });
  });

  it('goes on when an ended job is resumed', async () => {
    server.tell({ type: 'status', status: 'interrupted' });
    follow();
    await until(() => follower.connection === 'ended');
    server.tell({ type: 'status', status: 'queued' });
    follower.told(server.job);
    await until(() => server.sockets.length === 1);
    server.tell({ type: 'status', status: 'running' });
    await until(() => follower.job?.status === 'running');
  });

  it('stops asking for a job that is unknown', async () => {
    server.answers.set(`GET jobs/${server.job.id}/events`, () => ({
      status: 404,
      body: { message: 'no such job', reason: 'not-found', where: '', hint: '' }
    }));
    follow();
    await until(() => follower.connection === 'ended');
    expect(follower.problem?.reason).toBe('not-found');
    const asked = server.arrived.length;
    await new Promise(resolve => setTimeout(resolve, 50));
    expect(server.arrived).toHaveLength(asked);
  });

  it('is silent and connected to nothing once disposed', async () => {
    follow();
    await until(() => server.sockets.length === 1);
    let heard = 0;
    follower.changed.connect(() => (heard += 1));
    follower.dispose();
    server.tell(step(1));
    await new Promise(resolve => setTimeout(resolve, 130));
    expect(heard).toBe(0);
    expect(server.sockets.every(socket => socket.closed)).toBe(true);
  });

  it('tells of a thousand steps in a few words', async () => {
    follow();
    await until(() => server.sockets.length === 1);
    await until(() => follower.job !== null);
    let heard = 0;
    follower.changed.connect(() => (heard += 1));
    for (let number = 0; number < 1000; number += 1) {
      server.tell(step(number));
    }
    await until(() => follower.job?.progress?.done === 999 && heard > 0);
    expect(heard).toBeLessThan(10);
  });
});
