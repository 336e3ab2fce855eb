import { Api, Jobs, type Description, type Finding, type Job, type ScanResult } from '../../api';
import { aJob, ServerDouble } from '../../api/testing/server';
import { Memory } from '../../state';
import type { IRecrate } from '../../tokens';
import { StudySession } from '../session';
import { LabDouble } from './lab';

const FAST = { delays: [5, 10], interval: 10, socketAgainAfter: 60 };

/** A finding as the contract has it. */
export function aFinding(part: Partial<Finding> = {}): Finding {
  return {
    severity: 'warning',
    code: 'never-run',
    where: 'a.ipynb',
    message: 'two cells were never run',
    hint: 'run them',
    path: 'a.ipynb',
    cell: null,
    line: null,
    ...part
  };
}

/**
 * A server with one study on it, `work/tides`: every job it is asked for is done at once, unless
 * `holds` names its kind; then it runs until `finish`.
 */
export class StudyServer extends ServerDouble {
  description: Description = { title: 'Tides', description: '' };
  findings: Finding[] = [];
  holds: Job['kind'][] = [];
  readonly jobs = new Map<string, Job>();
  readonly memory = new Memory(null);
  readonly lab = new LabDouble();

  constructor() {
    super();
    const form = () => ({
      body: { description: this.description, sources: {}, suggestions: [], complaints: [] }
    });
    this.answers.set('GET studies/description', form);
    this.answers.set('PUT studies/description', ({ body }) => {
      this.description = body as Description;
      return form();
    });
    this.answers.set('POST jobs', ({ body }) =>
      this._begin(body as Job['order'] & { kind: 'scan' })
    );
  }

  /** Open the study's document, as a page does that has just been loaded. */
  open(): StudySession {
    this._page?.dispose();
    this.sockets.forEach(socket => socket.close());
    const api = new Api(this.settings);
    const jobs = (this._page = new Jobs(api, { following: FAST }));
    const recrate = { api, jobs, memory: this.memory } as unknown as IRecrate;
    return new StudySession('work/tides', recrate, this.lab, 10);
  }

  private _page: Jobs | null = null;

  orders(kind: Job['kind']): Record<string, unknown>[] {
    return [...this.jobs.values()].filter(one => one.kind === kind).map(one => one.order);
  }

  /** A job ends while somebody listens to it. */
  async finish(id: string, status: Job['status'] = 'done'): Promise<void> {
    const listening = () => this.sockets.filter(one => one.url.includes(id) && !one.closed);
    await until(() => listening().length > 0);
    this._turn(id, status);
    const job = this.jobs.get(id)!;
    listening().forEach(socket => {
      socket.hear({ number: 0, at: job.created, type: 'status', status, job });
      socket.end(1000);
    });
  }

  private _turn(id: string, status: Job['status']): void {
    this.jobs.set(id, { ...this.jobs.get(id)!, status });
  }

  private _begin(order: Job['order'] & { kind: Job['kind'] }): { status: number; body: Job } {
    const id = String(this.jobs.size + 1).padStart(32, '0');
    const status = this.holds.includes(order.kind) ? 'running' : 'done';
    const job = aJob({ id, kind: order.kind, status, order });
    this.jobs.set(id, job);
    const known = () => this.jobs.get(id)!;
    this.answers.set(`GET jobs/${id}`, () => ({ body: known() }));
    this.answers.set(`GET jobs/${id}/events`, () => ({ body: { job: known(), events: [] } }));
    this.answers.set(`GET jobs/${id}/result`, () => ({ body: this._result(order.kind, id) }));
    this.answers.set(`POST jobs/${id}/cancel`, () => {
      this._turn(id, 'cancelled');
      return { body: known() };
    });
    return { status: 201, body: job };
  }

  private _result(kind: Job['kind'], id: string): object {
    return kind === 'scan'
      ? this._scanned()
      : { kind, id, findings: [], verdict: 'identical', notebooks: [], crate: 'x.crate.zip' };
  }

  private _scanned(): ScanResult {
    return {
      kind: 'scan',
      name: 'tides',
      notebooks: [],
      files: { count: 1, bytes: 10, largest: [] },
      findings: this.findings,
      description: this.description
    };
  }
}

/** Wait until something holds; fails by the test's own time limit. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) {
    await new Promise(resolve => setTimeout(resolve, 2));
  }
}
