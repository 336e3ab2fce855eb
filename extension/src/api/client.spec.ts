import { Api } from './client';
import { Problem } from './problem';
import { aJob, ServerDouble } from './testing/server';

describe('Api', () => {
  let server: ServerDouble;
  let api: Api;

  beforeEach(() => {
    server = new ServerDouble();
    api = new Api(server.settings);
  });

  async function failure(asked: Promise<unknown>): Promise<Problem> {
    const error: unknown = await asked.then(
      () => null,
      thrown => thrown
    );
    expect(error).toBeInstanceOf(Problem);
    return error as Problem;
  }

  it('hands on what the server says of a refusal, with its HTTP status', async () => {
    server.answers.set('POST jobs', () => ({
      status: 429,
      headers: { 'Retry-After': '30' },
      body: { message: 'too many jobs', reason: 'busy', where: 'jobs', hint: 'wait', details: 'd' }
    }));
    const problem = await failure(api.startJob({ kind: 'scan', path: 'tides' }));
    expect(problem).toMatchObject({
      message: 'too many jobs',
      reason: 'busy',
      where: 'jobs',
      hint: 'wait',
      status: 429,
      retryAfterSeconds: 30
    });
    expect(problem.asText()).toContain('POST recrate/api/jobs: 429');
    expect(server.arrived[0]?.body).toEqual({ kind: 'scan', path: 'tides' });
  });

  it('says "gone" where nobody answers, and where a proxy answers in the server’s place', async () => {
    server.gone = true;
    expect((await failure(api.readAbout())).reason).toBe('gone');
    server.gone = false;
    for (const status of [424, 502, 503, 504]) {
      server.answers.set('GET about', () => ({ status, text: '<html>Bad gateway</html>' }));
      const problem = await failure(api.readAbout());
      expect([problem.reason, problem.passes]).toEqual(['gone', true]);
    }
  });

  it('knows a failure outside from a proxy’s 502', async () => {
    server.answers.set('GET about', () => ({
      status: 502,
      body: { message: 'index down', reason: 'outside-failed', where: '', hint: '' }
    }));
    expect((await failure(api.readAbout())).reason).toBe('outside-failed');
  });

  it('makes a problem of Jupyter’s own refusals, too', async () => {
    server.answers.set('GET about', () => ({
      status: 403,
      body: { message: 'Forbidden', reason: null }
    }));
    const problem = await failure(api.readAbout());
    expect(problem).toMatchObject({ reason: 'not-allowed', message: 'Forbidden', status: 403 });
    expect(problem.passes).toBe(false);
  });

  it('never puts the token into what is copied', async () => {
    server.gone = true;
    expect((await failure(api.readCrate('a b.crate.zip'))).asText()).not.toContain('secret');
  });

  it('rejects a question that was given up with the signal’s reason, not as a problem', async () => {
    const stop = new AbortController();
    const asked = api.listJobs({}, { signal: stop.signal });
    stop.abort();
    const error: unknown = await asked.catch(thrown => thrown);
    expect(error).not.toBeInstanceOf(Problem);
    expect((error as Error).name).toBe('AbortError');
  });

  it('writes paths and lists into the query as the contract has them', async () => {
    const id = aJob().id;
    server.answers.set(`GET jobs/${id}/outputs`, () => ({ body: {} }));
    await api.listOutputs(id, { notebook: 'a&b/研究.ipynb', verdict: ['different', 'missing'] });
    const { query } = server.arrived[0]!;
    expect(query.get('notebook')).toBe('a&b/研究.ipynb');
    expect(query.getAll('verdict')).toEqual(['different', 'missing']);
    expect(query.has('offset')).toBe(false);
  });

  it('asks the stream from the last known event on, below the base URL', () => {
    expect(api.streamUrl('ab', 7)).toBe(
      'ws://server/base/recrate/api/jobs/ab/stream?after=7&token=secret'
    );
  });
});
