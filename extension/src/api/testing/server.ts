import type { ServerConnection } from '@jupyterlab/services';

import type { Job, JobEvent } from '../types';

/** Return a job as the contract has it. */
export function aJob(part: Partial<Job> = {}): Job {
  return {
    id: '0'.repeat(32),
    kind: 'replay',
    status: 'running',
    subject: 'tides.crate.zip',
    title: 'tides',
    created: '2026-01-01T00:00:00.000+00:00',
    started: null,
    ended: null,
    progress: null,
    error: null,
    summary: null,
    resumable: false,
    order: {},
    user: 'somebody',
    ...part
  };
}

/** One request as it arrived. */
export interface IArrived {
  method: string;
  path: string;
  query: URLSearchParams;
  body: unknown;
}

type Answer = { status?: number; body?: unknown; text?: string; headers?: Record<string, string> };

const ROOT = 'http://server/base/recrate/api/';

/**
 * A small server in this process, written from the contract: it keeps one job with its events,
 * tells them over websockets and by `events?after=`, and can be gone, restarted or without sockets.
 */
export class ServerDouble {
  job = aJob();
  events: JobEvent[] = [];
  /** Nobody answers at all. */
  gone = false;
  /** A proxy lets no websocket through. */
  socketsRefused = false;
  readonly arrived: IArrived[] = [];
  readonly sockets: SocketDouble[] = [];
  /** Answers beside the job's own, by "METHOD path". */
  readonly answers = new Map<string, (arrived: IArrived) => Answer>();

  // Written out: the defaults look for a browser's own fetch.
  readonly settings = {
    baseUrl: 'http://server/base/',
    appUrl: 'http://server/base/lab',
    wsUrl: 'ws://server/base/',
    token: 'secret',
    appendToken: true,
    init: { cache: 'no-store', credentials: 'same-origin' },
    fetch: (request: RequestInfo) => this._fetch(request as unknown as RequestDouble),
    Request: RequestDouble,
    Headers: Map,
    WebSocket: this._socketClass(),
    serializer: {}
  } as unknown as ServerConnection.ISettings;

  /** Something happens to the job: everybody who listens hears of it. */
  tell(event: Partial<JobEvent> & Pick<JobEvent, 'type'>): void {
    const whole = { number: this.events.length, at: this.job.created, ...event };
    this.events.push(whole);
    this.job = {
      ...this.job,
      status: event.status ?? this.job.status,
      progress: event.progress ?? this.job.progress
    };
    this._open().forEach(socket => socket.hear(whole));
    if (['done', 'failed', 'cancelled', 'interrupted'].includes(this.job.status)) {
      this._open().forEach(socket => socket.end(1000));
    }
  }

  /** Every connection breaks, as when the server is killed. */
  breakSockets(): void {
    this._open().forEach(socket => socket.end(1006));
  }

  asked(method: string, path: RegExp): IArrived[] {
    return this.arrived.filter(one => one.method === method && path.test(one.path));
  }

  private _open(): SocketDouble[] {
    return this.sockets.filter(socket => !socket.closed);
  }

  private async _fetch(request: RequestDouble): Promise<Response> {
    await Promise.resolve();
    if (request.signal?.aborted) {
      throw new TypeError('aborted');
    }
    if (this.gone) {
      throw new TypeError('Failed to fetch');
    }
    const url = new URL(request.url);
    const arrived = {
      method: request.method,
      path: request.url.slice(ROOT.length).replace(/\?.*/, ''),
      query: url.searchParams,
      body: request.body === undefined ? undefined : JSON.parse(request.body)
    };
    this.arrived.push(arrived);
    return respond(this._answer(arrived));
  }

  private _answer(arrived: IArrived): Answer {
    const own = this.answers.get(`${arrived.method} ${arrived.path}`);
    if (own) {
      return own(arrived);
    }
    if (arrived.path === `jobs/${this.job.id}/events`) {
      const after = Number(arrived.query.get('after'));
      return {
        body: { job: this.job, events: this.events.filter(event => event.number > after) }
      };
    }
    return {
      status: 404,
      body: { message: 'no such job', reason: 'not-found', where: arrived.path, hint: '' }
    };
  }

  private _socketClass(): typeof WebSocket {
    const server = this;
    return class extends SocketDouble {
      constructor(url: string) {
        super(url);
        server.sockets.push(this);
        const after = Number(new URL(url).searchParams.get('after') ?? -1);
        setTimeout(() => {
          if (server.gone || server.socketsRefused) {
            this.end(1006);
            return;
          }
          server.events.filter(event => event.number > after).forEach(event => this.hear(event));
        }, 0);
      }
    } as unknown as typeof WebSocket;
  }
}

class RequestDouble {
  readonly method: string;
  readonly body: string | undefined;
  readonly signal: AbortSignal | null | undefined;
  readonly headers = { append: (): void => undefined, has: (): boolean => true };

  constructor(
    readonly url: string,
    init: RequestInit
  ) {
    this.method = init.method ?? 'GET';
    this.body = init.body as string | undefined;
    this.signal = init.signal;
  }
}

export class SocketDouble {
  onmessage: ((message: { data: string }) => void) | null = null;
  onclose: ((closed: { code: number }) => void) | null = null;
  closed = false;

  constructor(readonly url: string) {}

  hear(event: JobEvent): void {
    if (!this.closed) {
      this.onmessage?.({ data: JSON.stringify(event) });
    }
  }

  end(code: number): void {
    if (!this.closed) {
      this.closed = true;
      this.onclose?.({ code });
    }
  }

  close(): void {
    this.end(1005);
  }
}

function respond({ status = 200, body, text, headers = {} }: Answer): Response {
  const written = text ?? JSON.stringify(body ?? null);
  return {
    ok: status < 400,
    status,
    statusText: `status ${status}`,
    headers: { get: (name: string) => headers[name] ?? null },
    json: async () => JSON.parse(written) as unknown,
    text: async () => written
  } as unknown as Response;
}
