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

/**
 * Ask the service.
 *
 * @param {'GET' | 'POST' | 'DELETE'} method
 * @param {string} path below `api/`
 * @param {{body?: unknown, signal?: AbortSignal}} [more]
 * @returns {Promise<any>}
 */
export async function ask(method, path, { body, signal } = {}) {
  /** @type {Record<string, string>} */
  const headers = { Accept: 'application/json', 'Accept-Language': language };
  if (method !== 'GET') {
    headers['X-XSRFToken'] = root.dataset['xsrf'] ?? '';
  }
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
  const again = Number(answer.headers.get('Retry-After'));
  if (typeof said?.title === 'string' && typeof said.code === 'string') {
    throw new Problem(said, again > 0 ? again : null);
  }
  // Signed out: the hub's own page, or its own refusal, in the place of an answer of ours.
  if (answer.redirected || answer.status === 401 || answer.status === 403) {
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
  /** @type {EventSource | null} */
  let source = null;
  let timer = 0;
  let failures = 0;
  let ended = false;

  const stop = () => {
    ended = true;
    source?.close();
    window.clearTimeout(timer);
    window.removeEventListener('online', online);
  };
  /** @param {MessageEvent} event */
  const heard = event => {
    failures = 0;
    listener.changed(JSON.parse(event.data));
  };
  const open = () => {
    source = new EventSource(BASE + 'api/launches/' + encodeURIComponent(id) + '/events');
    source.onmessage = heard;
    source.addEventListener('launch', heard);
    source.onerror = () => {
      source?.close();
      void again();
    };
  };
  const again = async () => {
    try {
      const launch = await one(id);
      if (!ended) {
        listener.changed(launch);
      }
    } catch (error) {
      if (error instanceof Problem && !['away', 'unknown'].includes(error.code) && !ended) {
        stop();
        listener.refused(error);
      }
    }
    if (ended) {
      return;
    }
    const wait = PATIENCE[Math.min(failures, PATIENCE.length - 1)] ?? 15;
    failures += 1;
    if (failures > 1) {
      listener.broken(wait);
    }
    timer = window.setTimeout(open, wait * 1000);
  };
  const online = () => {
    window.clearTimeout(timer);
    source?.close();
    open();
  };
  window.addEventListener('online', online);
  open();
  return stop;
}
