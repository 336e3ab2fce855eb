/** The service's answers: what was asked for, or a problem in sentences. */
import { language, say } from './words.js';

const root = document.documentElement;

/** Path of the service, with a slash at its end. */
export const BASE = root.dataset['base'] ?? '/';

/**
 * @typedef {{verdict: string, sentence: string, date: string, url?: string}} LastVerdict
 * @typedef {'fetch' | 'environment' | 'start'} StageName
 * @typedef {{
 *   where: string, title: string, creators: string[], licence: string, doi: string | null,
 *   record_url: string | null, version: string | null, size_bytes: number | null, blind: boolean,
 *   notebooks: number | null, last_verdict: LastVerdict | null,
 *   expected_seconds: Partial<Record<StageName, number | null>>, ready: boolean,
 *   needs_agreement: boolean, notes: string[]
 * }} Crate
 * @typedef {'waiting' | 'running' | 'done' | 'failed'} StageStatus
 * @typedef {{
 *   name: StageName, status: StageStatus, done: number | null, total: number | null,
 *   message: string, seconds: number | null
 * }} Stage
 * @typedef {'waiting' | 'running' | 'ready' | 'failed' | 'cancelled' | 'stopped'} LaunchStatus
 * @typedef {{
 *   id: string, where: string, title: string, status: LaunchStatus, ahead: number, stages: Stage[],
 *   url: string | null, problem: Complaint | null, created: number, updated: number
 * }} Launch `created`, `updated`: seconds since the epoch, by the service's clock
 * @typedef {{title: string, detail?: string, hint?: string, code?: string}} Complaint
 */

/** What went wrong, as it is shown. */
export class Problem extends Error {
  /**
   * @param {Complaint} complaint
   * @param {number | null} [againSeconds] when it makes sense to ask again
   */
  constructor(complaint, againSeconds = null) {
    super(complaint.title);
    this.complaint = complaint;
    this.againSeconds = againSeconds;
  }

  get code() {
    return this.complaint.code ?? '';
  }
}

export function signedOut() {
  return new Problem({
    code: 'signed-out',
    title: say('You are signed out'),
    detail: say('Your sign-in has ended. Sessions that run go on.')
  });
}

function away() {
  return new Problem({
    code: 'away',
    title: say('The service does not answer'),
    detail: say('It is being restarted, or your connection is interrupted.'),
    hint: say('Launches that are under way go on without this page.')
  });
}

/** The hub takes a cookie from a script only together with the token; also where one only reads.
 *
 * @type {Record<string, string>}
 */
const HEADERS = {
  Accept: 'application/json',
  'Accept-Language': language,
  'X-XSRFToken': root.dataset['xsrf'] ?? ''
};

/**
 * Ask the service.
 *
 * @param {'GET' | 'POST' | 'DELETE'} method
 * @param {string} path below `api/`
 * @param {{body?: unknown, signal?: AbortSignal}} [more]
 * @returns {Promise<any>}
 */
export async function ask(method, path, { body, signal } = {}) {
  const headers = { ...HEADERS };
  if (body !== undefined) {
    headers['Content-Type'] = 'application/json';
  }
  /** @type {RequestInit} */
  const how = { method, headers, credentials: 'same-origin', signal: signal ?? null };
  let answer;
  try {
    answer = await fetch(BASE + 'api/' + path, {
      ...how,
      ...(body === undefined ? {} : { body: JSON.stringify(body) })
    });
  } catch (error) {
    throw signal?.aborted ? error : away();
  }
  return read(answer);
}

/** Seconds by which the service's clock is ahead of this computer's. */
let ahead = 0;

/** Seconds since the epoch, by the service's clock. */
export const now = () => Date.now() / 1000 + ahead;

/** @param {Response} answer */
async function read(answer) {
  const told = Date.parse(answer.headers.get('Date') ?? '') / 1000;
  if (Math.abs(told - now()) > 2) {
    ahead = told - Date.now() / 1000;
  }
  if (answer.status === 204) {
    return null;
  }
  const kind = answer.headers.get('Content-Type') ?? '';
  /** @type {any} */
  const said = /json/.test(kind) ? await answer.json().catch(() => null) : null;
  if (answer.ok && said !== null) {
    return said;
  }
  if (answer.status === 401) {
    throw signedOut();
  }
  const again = Number(answer.headers.get('Retry-After'));
  if (typeof said?.title === 'string' && typeof said.code === 'string') {
    throw new Problem(said, again > 0 ? again : null);
  }
  // Signed out: the hub's own page, or its own refusal, in the place of an answer of ours.
  if (answer.redirected || answer.status === 403) {
    throw signedOut();
  }
  if (answer.status >= 502 && answer.status <= 504) {
    throw away();
  }
  throw new Problem({
    code: 'unknown',
    title: say('Something went wrong in the service'),
    detail: say('It answered with status %1.', answer.status),
    hint: say('Try again. If it happens again, tell the people who run this hub.')
  });
}

/** @param {string} where @param {AbortSignal} signal @returns {Promise<Crate>} */
export const look = (where, signal) =>
  ask('GET', 'crate?where=' + encodeURIComponent(where), { signal });

/** @param {string} where @param {boolean} agreed @returns {Promise<Launch>} */
export const begin = (where, agreed) =>
  ask('POST', 'launches', { body: { where, agreed, language } });

/** @returns {Promise<Launch[]>} */
export const mine = () => ask('GET', 'launches');

/** @param {string} id @returns {Promise<Launch>} */
export const one = id => ask('GET', 'launches/' + encodeURIComponent(id));

/** @param {string} id */
export const end = id => ask('DELETE', 'launches/' + encodeURIComponent(id));

const PATIENCE = [1, 2, 4, 8, 15];

/**
 * Follow a launch; the connection is made again when it breaks, ever more patiently.
 *
 * @param {string} id
 * @param {{
 *   changed: (launch: Launch) => void, broken: (seconds: number) => void,
 *   refused: (problem: Problem) => void
 * }} listener `refused`: it makes no sense to try again
 * @returns {() => void} ends it
 */
export function follow(id, listener) {
  const path = 'launches/' + encodeURIComponent(id);
  const giving = new AbortController();
  const { signal } = giving;
  let failures = 0;
  let wake = () => {};

  const listen = async () => {
    const answer = await fetch(BASE + 'api/' + path + '/events', {
      headers: { ...HEADERS, Accept: 'text/event-stream' },
      signal
    });
    if (!answer.ok || !/event-stream/.test(answer.headers.get('Content-Type') ?? '')) {
      await read(answer);
    }
    for await (const data of events(answer)) {
      failures = 0;
      if (!signal.aborted) {
        listener.changed(JSON.parse(data));
      }
    }
  };
  const keepOn = async () => {
    while (!signal.aborted) {
      try {
        await listen();
      } catch (error) {
        if (error instanceof Problem && !['away', 'unknown'].includes(error.code)) {
          return signal.aborted || listener.refused(error);
        }
      }
      const wait = PATIENCE[Math.min(failures, PATIENCE.length - 1)] ?? 15;
      failures += 1;
      if (failures > 1 && !signal.aborted) {
        listener.broken(wait);
      }
      await new Promise(done => {
        wake = () => done(null);
        window.setTimeout(done, wait * 1000);
      });
    }
  };
  const online = () => wake();
  window.addEventListener('online', online);
  void keepOn();
  return () => {
    giving.abort();
    window.removeEventListener('online', online);
  };
}

/** The data of server-sent events; EventSource could not send the token along.
 *
 * @param {Response} answer
 */
async function* events(answer) {
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    const blocks = (rest + part.value).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks.filter(one => one.startsWith('data: '))) {
      yield block.slice('data: '.length);
    }
  }
}
