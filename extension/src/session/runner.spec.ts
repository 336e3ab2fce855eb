import { Api, Problem } from '../api';
import { ServerDouble } from '../api/testing/server';
import { Memory } from '../state';
import { SessionModel } from './model';
import { Runner, type Ending, type IPlayer, type IStage } from './runner';
import { aSession } from './testing/session';

/** Notebooks whose cells end as is written here; a cell called `wait` ends when interrupted. */
class StageDouble implements IStage {
  did: string[] = [];
  endings: Record<string, Ending> = {};
  problem: Problem | null = null;
  private _interrupted: (() => void) | null = null;

  async open(path: string): Promise<IPlayer> {
    const said = (what: string): void => void this.did.push(`${what} ${path}`);
    return {
      ids: () => ['one', 'two', 'wait'].filter(id => id !== 'wait' || path.startsWith('slow')),
      begin: async () => {
        if (this.problem) {
          throw this.problem;
        }
        said('begin');
      },
      run: async id => {
        said(`run ${id} of`);
        if (id === 'wait') {
          await new Promise<void>(done => (this._interrupted = done));
          return 'error';
        }
        return this.endings[`${path}#${id}`] ?? 'ok';
      },
      interrupt: async () => this._interrupted?.(),
      save: async () => said('save')
    };
  }
}

describe('Runner', () => {
  let stage: StageDouble;
  let runner: Runner;

  beforeEach(() => {
    const api = new Api(new ServerDouble().settings);
    stage = new StageDouble();
    runner = new Runner(new SessionModel(aSession(), api, new Memory(null)), stage);
  });

  it('runs each notebook from its top in a fresh kernel, and saves it when all are run', async () => {
    await runner.run(['a.ipynb', 'b.ipynb'], { save: true });
    expect(stage.did).toEqual([
      'begin a.ipynb',
      'run one of a.ipynb',
      'run two of a.ipynb',
      'save a.ipynb',
      'begin b.ipynb',
      'run one of b.ipynb',
      'run two of b.ipynb',
      'save b.ipynb'
    ]);
    expect(runner.running).toBeNull();
    expect(runner.outcome).toMatchObject({ halts: [], problem: null });
  });

  it('stops a notebook at the cell that fails, and goes on with the next one', async () => {
    stage.endings['a.ipynb#one'] = 'error';
    await runner.run(['a.ipynb', 'b.ipynb']);
    expect(stage.did).not.toContain('run two of a.ipynb');
    expect(stage.did).toContain('run two of b.ipynb');
    expect(runner.outcome?.halts).toEqual([{ path: 'a.ipynb', id: 'one', why: 'error' }]);
  });

  it('runs nothing more once it is stopped, and says that the person stopped it', async () => {
    const run = runner.run(['slow.ipynb', 'b.ipynb']);
    await new Promise(resolve => setTimeout(resolve, 5));
    expect(runner.running).toMatchObject({ done: 2, cells: 3 });
    await runner.stop();
    await run;
    expect(stage.did.join()).not.toContain('b.ipynb');
    expect(runner.outcome?.halts).toEqual([{ path: 'slow.ipynb', id: 'wait', why: 'stopped' }]);
  });

  it('does not begin a second run while one goes on', async () => {
    await Promise.all([runner.run(['a.ipynb']), runner.run(['b.ipynb'])]);
    expect(stage.did.join()).not.toContain('b.ipynb');
  });

  it('tells what kept a notebook from being run', async () => {
    stage.problem = new Problem({ message: 'no kernel', reason: 'not-found' });
    await runner.run(['a.ipynb']);
    expect(runner.outcome?.problem?.message).toBe('no kernel');
    expect(runner.running).toBeNull();
  });
});
