import { opened, withText } from '../describe/model';
import type { StudySession } from './session';
import { aFinding, StudyServer, until } from './testing/study';

const PYTHON = { name: 'python3', title: 'Python 3', notebook: 'work/tides/a.ipynb' };

describe('a study on its way to a crate', () => {
  let server: StudyServer;
  let session: StudySession;

  beforeEach(() => {
    server = new StudyServer();
  });

  afterEach(() => session.dispose());

  async function open(kernel: string | null = null): Promise<StudySession> {
    session = server.open();
    await session.open(kernel);
    return session;
  }

  const scanned = (times: number) =>
    until(() => server.orders('scan').length === times && session.scan.result !== null);

  it('is scanned at once, locked from the kernel of the notebook that was pointed at', async () => {
    await open('ir');
    await scanned(1);
    expect(server.orders('scan')).toEqual([{ kind: 'scan', path: 'work/tides', kernel: 'ir' }]);
  });

  it('is locked from the one kernel that runs its notebooks, and from none of two', async () => {
    server.lab.running = [PYTHON];
    await open();
    expect(session.state.kernel).toBe('python3');
    session.dispose();
    server = new StudyServer();
    server.lab.running = [PYTHON, { ...PYTHON, name: 'ir' }];
    await open();
    expect(session.state.kernel).toBeNull();
  });

  it('asks about unsaved notebooks first, and saves or goes on as one says', async () => {
    server.lab.dirty = ['work/tides/a.ipynb', 'elsewhere/b.ipynb'];
    await open();
    expect(session.unsaved).toEqual(['work/tides/a.ipynb']);
    expect(server.orders('scan')).toEqual([]);
    await session.saveAndScan();
    expect(server.lab.saved).toEqual(['work/tides/a.ipynb']);
    await scanned(1);
  });

  it('comes back after a reload with its step, its jobs and no second scan', async () => {
    server.holds = ['verify'];
    await open();
    await scanned(1);
    session.do({ type: 'go', step: 'verify' });
    await session.startVerify();
    const { id } = session.verify.ids;
    session.dispose();

    await open();
    expect(session.state.step).toBe('verify');
    expect(session.verify.ids.id).toBe(id);
    expect(session.verify.isBusy).toBe(true);
    await server.finish(id!);
    await until(() => session.verify.result !== null);
    expect(server.orders('scan')).toHaveLength(1);
  });

  it('begins anew where the server has forgotten the scan', async () => {
    await open();
    await scanned(1);
    session.dispose();
    [...server.jobs.keys()].forEach(id => server.answers.delete(`GET jobs/${id}`));
    server.answers.delete('GET jobs/00000000000000000000000000000001/result');
    await open();
    await scanned(2);
  });

  it('applies a fix, shows what changed on the disk, and scans again', async () => {
    server.findings = [aFinding({ fixes: [] })];
    const undo = 'b'.repeat(32);
    server.answers.set('POST studies/fixes', () => ({
      body: { changed: ['work/tides/a.ipynb'], undo }
    }));
    server.answers.set(`POST studies/fixes/${undo}/undo`, () => ({
      body: { changed: ['work/tides/a.ipynb'], undo: null }
    }));
    await open();
    await scanned(1);
    const [job] = [...server.jobs.keys()];
    await session.mend({ finding: 0, fix: 1, choice: 'MIT', title: 'Choose a licence' });
    const [asked] = server.asked('POST', /^studies\/fixes$/);
    expect(asked?.body).toEqual({ job, finding: 0, fix: 1, choice: 'MIT' });
    expect(server.lab.reloaded).toEqual(['work/tides/a.ipynb']);
    expect(session.isTouched('a.ipynb')).toBe(true);
    await scanned(2);
    await until(() => !session.isTouched('a.ipynb'));

    await session.undo(undo);
    expect(session.state.mended).toEqual([]);
    await scanned(3);
  });

  it('shows the old scan until the new one is done', async () => {
    server.findings = [aFinding()];
    await open();
    await scanned(1);
    server.findings = [];
    server.holds = ['scan'];
    await session.rescan();
    expect(session.scan.result?.findings).toHaveLength(1);
    await server.finish(session.scan.ids.id!);
    await until(() => session.scan.result?.findings.length === 0);
  });

  it('keeps what was typed before it packs, and names the verification', async () => {
    await open();
    await scanned(1);
    await session.startVerify();
    await until(() => session.verify.result !== null);
    session.keeper.edit(withText(opened(server.description), 'title', 'en', 'Typed just now'));
    await session.startPack();
    expect(server.description.title).toBe('Typed just now');
    expect(server.orders('pack')[0]).toMatchObject({ verified_by: session.verify.ids.shown });
  });

  it('says that a crate is out of date once its description is another', async () => {
    await open();
    await scanned(1);
    await session.startPack();
    await until(() => session.pack.result !== null);
    expect(session.state.stale).toEqual([]);
    session.keeper.edit(withText(opened(server.description), 'title', 'en', 'Another'));
    await session.keeper.flush();
    expect(session.state.stale).toEqual(['pack']);
  });

  it('is scanned again when the form is left that mended what the scan had found', async () => {
    server.findings = [aFinding({ code: 'no-licence', path: null })];
    await open();
    await scanned(1);
    await session.go('describe');
    await until(() => session.keeper.state === 'kept');
    session.keeper.edit({ ...opened(server.description), licence: 'MIT' });
    await session.go('verify');
    expect(server.description.licence).toBe('MIT');
    await scanned(2);
    await session.go('describe');
    await session.go('pack');
    expect(server.orders('scan')).toHaveLength(2);
  });

  it('a cancelled job can be begun anew, and what it refuses to begin is said', async () => {
    server.holds = ['pack'];
    await open();
    await scanned(1);
    await session.startPack();
    await session.pack.cancel();
    await until(() => session.pack.job?.status === 'cancelled');
    const busy = { message: 'too many', reason: 'busy', where: '', hint: 'wait' };
    server.answers.set('POST jobs', () => ({ status: 429, body: busy }));
    await session.startPack();
    expect(session.pack.problem?.message).toBe('too many');
    expect(session.pack.isBusy).toBe(false);
  });
});
