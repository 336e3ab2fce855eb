import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

import { Problem, problemOf } from './problem';
import type {
  About,
  Applied,
  BesideWanted,
  CampaignStanding,
  CellJudged,
  CrateOverview,
  Deposit,
  Deposited,
  DepositsWanted,
  Description,
  DescriptionForm,
  FixWanted,
  FreshCell,
  Job,
  JobEvent,
  JobPage,
  JobResult,
  JobsWanted,
  Licence,
  Lookup,
  LookupWanted,
  Order,
  OutputPage,
  OutputsWanted,
  OutputWanted,
  Preflight,
  PublishPlace,
  RecordedNotebook,
  RunnerOffered,
  Session,
  Waiver
} from './types';

const ROOT = 'recrate/api';

/** Accompanies a question: a signal that gives it up. */
export interface IAsking {
  signal?: AbortSignal;
}

type Value = string | number | boolean | null | undefined;
type Query = Record<string, Value | readonly Value[]>;

/**
 * Everything the server can be asked: one method per operation of `openapi.yaml`, of the same name.
 *
 * A refusal, a failure or a server that is gone rejects with a `Problem`; a question that was given
 * up rejects with the signal's reason.
 */
export class Api {
  constructor(readonly settings: ServerConnection.ISettings = ServerConnection.makeSettings()) {}

  readAbout(asking?: IAsking): Promise<About> {
    return this._json('GET', 'about', { asking });
  }

  readContract(asking?: IAsking): Promise<string> {
    return this._text('openapi.yaml', {}, asking);
  }

  /** Return the places that run, this machine first. */
  async listRunners(asking?: IAsking): Promise<RunnerOffered[]> {
    return (await this._json<{ runners: RunnerOffered[] }>('GET', 'runners', { asking })).runners;
  }

  async findLicences(query: string, limit = 20, asking?: IAsking): Promise<Licence[]> {
    const found = { query: { query, limit }, asking };
    return (await this._json<{ licences: Licence[] }>('GET', 'licences', found)).licences;
  }

  readDescription(path: string, asking?: IAsking): Promise<DescriptionForm> {
    return this._json('GET', 'studies/description', { query: { path }, asking });
  }

  keepDescription(path: string, body: Description): Promise<DescriptionForm> {
    return this._json('PUT', 'studies/description', { query: { path }, body });
  }

  applyFix(body: FixWanted): Promise<Applied> {
    return this._json('POST', 'studies/fixes', { body });
  }

  undoFix(undo: string): Promise<Applied> {
    return this._json('POST', `studies/fixes/${encodeURIComponent(undo)}/undo`);
  }

  readCrate(path: string, asking?: IAsking): Promise<CrateOverview> {
    return this._json('GET', 'crates', { query: { path }, asking });
  }

  /** Return where crates and verdicts can be published, with the questions of each place. */
  async listPlaces(asking?: IAsking): Promise<PublishPlace[]> {
    return (await this._json<{ places: PublishPlace[] }>('GET', 'places', { asking })).places;
  }

  /** Hand over a token; `keep`: in the machine's keyring, else in the server's memory. */
  async giveToken(place: string, token: string, keep: boolean): Promise<void> {
    await this._ask('PUT', placed(place, 'token'), { body: { token, keep } });
  }

  async forgetToken(place: string): Promise<void> {
    await this._ask('DELETE', placed(place, 'token'));
  }

  /** Return what a place would refuse or lose; nothing of the crate is sent there. */
  checkDeposit(place: string, body: Deposit, asking?: IAsking): Promise<Preflight> {
    return this._json('POST', placed(place, 'preflight'), { body, asking });
  }

  /** Return what was published from here, the newest first. */
  async listDeposits(query: DepositsWanted = {}, asking?: IAsking): Promise<Deposited[]> {
    const found = { query: { ...query }, asking };
    return (await this._json<{ deposits: Deposited[] }>('GET', 'deposits', found)).deposits;
  }

  /** Remove what an unfinished deposit left in the repository. */
  async discardDeposit(mark: string): Promise<void> {
    await this._ask('DELETE', `deposits/${encodeURIComponent(mark)}`);
  }

  /** Ask ORCID, ROR or the DOI resolver for what was typed. */
  lookUp(query: LookupWanted, asking?: IAsking): Promise<Lookup> {
    return this._json('GET', 'lookups', { query: { ...query }, asking });
  }

  listJobs(query: JobsWanted = {}, asking?: IAsking): Promise<JobPage> {
    return this._json('GET', 'jobs', { query: { ...query }, asking });
  }

  startJob(body: Order): Promise<Job> {
    return this._json('POST', 'jobs', { body });
  }

  readJob(id: string, asking?: IAsking): Promise<Job> {
    return this._json('GET', job(id), { asking });
  }

  async deleteJob(id: string): Promise<void> {
    await this._ask('DELETE', job(id));
  }

  cancelJob(id: string): Promise<Job> {
    return this._json('POST', job(id, 'cancel'));
  }

  resumeJob(id: string): Promise<Job> {
    return this._json('POST', job(id, 'resume'));
  }

  /** Return the events after number `after` (-1 for all), with the job as it is now. */
  readEvents(
    id: string,
    after: number,
    asking?: IAsking
  ): Promise<{ job: Job; events: JobEvent[] }> {
    return this._json('GET', job(id, 'events'), { query: { after }, asking });
  }

  readResult(id: string, asking?: IAsking): Promise<JobResult> {
    return this._json('GET', job(id, 'result'), { asking });
  }

  /** Return how a campaign stands, and the addresses of its page and its exports. */
  readCampaign(id: string, asking?: IAsking): Promise<CampaignStanding> {
    return this._json('GET', job(id, 'campaign'), { asking });
  }

  /** Return an address that the server gave relative to the contract's, for a frame or a link. */
  addressOf(relative: string): string {
    return URLExt.join(this.settings.baseUrl, ROOT, relative);
  }

  /** Return the report's HTML; show it in a `SandboxedPage` and nowhere else. */
  readReport(id: string, asking?: IAsking): Promise<string> {
    return this._text(job(id, 'report'), {}, asking);
  }

  listOutputs(id: string, query: OutputsWanted = {}, asking?: IAsking): Promise<OutputPage> {
    return this._json('GET', job(id, 'outputs'), { query: { ...query }, asking });
  }

  /** Return one output's HTML page; show it in a `SandboxedPage` and nowhere else. */
  showOutput(id: string, query: OutputWanted, asking?: IAsking): Promise<string> {
    return this._text(job(id, 'outputs/page'), { ...query }, asking);
  }

  /** Start the judging that a waiver (or its withdrawal) asks for. */
  waiveOutput(id: string, body: Waiver): Promise<Job> {
    return this._json('POST', job(id, 'waivers'), { body });
  }

  exportRun(id: string, destination: string): Promise<{ path: string }> {
    return this._json('POST', job(id, 'export'), { body: { destination } });
  }

  /** Return the crate that this JupyterLab was opened in; null where it is an ordinary one. */
  async readSession(asking?: IAsking): Promise<Session | null> {
    return (await this._json<{ session: Session | null }>('GET', 'session', { asking })).session;
  }

  readRecorded(path: string, asking?: IAsking): Promise<RecordedNotebook> {
    return this._json('GET', 'session/notebook', { query: { path }, asking });
  }

  judgeCell(body: FreshCell, asking?: IAsking): Promise<CellJudged> {
    return this._json('POST', 'session/cells', { body, asking });
  }

  /** Return recorded beside fresh as HTML; show it in a `SandboxedPage` and nowhere else. */
  async showBeside(body: FreshCell, query: BesideWanted, asking?: IAsking): Promise<string> {
    const rest = { body, query: { ...query }, asking };
    return (await this._ask('POST', 'session/beside', rest)).text();
  }

  /** Return the address of a job's websocket that tells the events after number `after`. */
  streamUrl(id: string, after: number): string {
    const { appendToken, token, wsUrl } = this.settings;
    const query = written({ after, token: appendToken && token ? token : undefined });
    return URLExt.join(wsUrl, ROOT, job(id, 'stream')) + query;
  }

  private async _json<Answer>(
    method: string,
    path: string,
    rest: { query?: Query; body?: unknown; asking?: IAsking } = {}
  ): Promise<Answer> {
    const response = await this._ask(method, path, rest);
    return (await response.json().catch(error => {
      throwIfGivenUp(rest.asking);
      throw new Problem({
        message: 'The server’s answer cannot be read.',
        reason: 'internal',
        details: `${method} ${path}: ${String(error)}`,
        status: response.status
      });
    })) as Answer;
  }

  private async _text(path: string, query: Query, asking?: IAsking): Promise<string> {
    return (await this._ask('GET', path, { query, asking })).text();
  }

  private async _ask(
    method: string,
    path: string,
    { query = {}, body, asking }: { query?: Query; body?: unknown; asking?: IAsking } = {}
  ): Promise<Response> {
    const asked = `${method} ${ROOT}/${path}`;
    const url = URLExt.join(this.settings.baseUrl, ROOT, path) + written(query);
    const init: RequestInit = { method, signal: asking?.signal };
    if (body !== undefined) {
      init.body = JSON.stringify(body);
      init.headers = { 'Content-Type': 'application/json' };
    }
    let response: Response;
    try {
      response = await ServerConnection.makeRequest(url, init, this.settings);
    } catch (error) {
      throwIfGivenUp(asking);
      throw new Problem({
        message: 'The Jupyter server does not answer.',
        reason: 'gone',
        hint: 'Look whether it still runs. What had begun goes on there and is shown once it answers.',
        details: `${asked}: ${String(error)}`
      });
    }
    if (!response.ok) {
      throw await problemOf(response, asked);
    }
    return response;
  }
}

function throwIfGivenUp(asking: IAsking | undefined): void {
  if (asking?.signal?.aborted) {
    throw asking.signal.reason ?? new DOMException('given up', 'AbortError');
  }
}

function job(id: string, rest = ''): string {
  return `jobs/${encodeURIComponent(id)}${rest && `/${rest}`}`;
}

function placed(name: string, rest: string): string {
  return `places/${encodeURIComponent(name)}/${rest}`;
}

function written(query: Query): string {
  const pairs = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? (value as Value[]) : [value as Value]) {
      if (one !== null && one !== undefined) {
        pairs.append(name, String(one));
      }
    }
  }
  const text = pairs.toString();
  return text && `?${text}`;
}
