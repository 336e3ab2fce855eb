import type { ProblemAnswer } from './types';

/** The contract's reasons, and `gone`: nobody answers, or a proxy answers in the server's place. */
export type Reason = ProblemAnswer['reason'] | 'gone';

/** Everything that can go wrong when the server is asked, in one shape that `ProblemBox` shows. */
export class Problem extends Error {
  readonly reason: Reason;
  readonly where: string;
  readonly hint: string;
  /** What "copy details" adds; never a secret. */
  readonly details: string;
  /** The HTTP status; 0 when there was no answer. */
  readonly status: number;
  readonly retryAfterSeconds: number | null;

  constructor(said: {
    message: string;
    reason: Reason;
    where?: string;
    hint?: string;
    details?: string;
    status?: number;
    retryAfterSeconds?: number | null;
  }) {
    super(said.message);
    this.name = 'Problem';
    this.reason = said.reason;
    this.where = said.where ?? '';
    this.hint = said.hint ?? '';
    this.details = said.details ?? '';
    this.status = said.status ?? 0;
    this.retryAfterSeconds = said.retryAfterSeconds ?? null;
  }

  /** Whether the same question may well succeed a little later. */
  get passes(): boolean {
    return ['gone', 'busy', 'outside-failed', 'internal'].includes(this.reason);
  }

  /** Return what "copy details" puts on the clipboard. */
  asText(): string {
    const lines = [
      this.message,
      this.hint && `hint: ${this.hint}`,
      this.where && `where: ${this.where}`,
      `reason: ${this.reason}${this.status ? ` (HTTP ${this.status})` : ''}`,
      this.details
    ];
    return lines.filter(Boolean).join('\n');
  }

  /** Return what a job says of its own failure, or an answer of the server, as a problem. */
  static of(answer: ProblemAnswer, status = 0): Problem {
    return new Problem({ ...answer, status, retryAfterSeconds: answer.retry_after_seconds });
  }

  /** Return anything that was thrown as a problem. */
  static from(error: unknown): Problem {
    if (error instanceof Problem) {
      return error;
    }
    const message = error instanceof Error ? error.message : String(error);
    const details = error instanceof Error ? (error.stack ?? '') : '';
    return new Problem({ message, reason: 'internal', details });
  }
}

const REASONS: Record<number, Reason> = {
  400: 'bad-input',
  401: 'not-allowed',
  403: 'not-allowed',
  404: 'not-found',
  409: 'conflict',
  422: 'bad-input',
  424: 'gone', // JupyterHub's proxy while the person's server is stopped
  429: 'busy',
  502: 'gone', // a proxy's own answer: ours always carries a Problem
  503: 'gone',
  504: 'gone'
};

/** Return an answer that is not a success as a problem; reads the answer's body. */
export async function problemOf(response: Response, asked: string): Promise<Problem> {
  const text = await response.text().catch(() => '');
  const body = parsed(text);
  const details = `${asked}: ${response.status} ${response.statusText}`.trim();
  if (isProblemAnswer(body)) {
    const answered = { ...body, details: [details, body.details].filter(Boolean).join('\n') };
    return withRetry(Problem.of(answered, response.status), response);
  }
  const said = (body as { message?: unknown } | null)?.message;
  return withRetry(
    new Problem({
      message: typeof said === 'string' && said ? said : response.statusText || details,
      reason: REASONS[response.status] ?? 'internal',
      details,
      status: response.status
    }),
    response
  );
}

function withRetry(problem: Problem, response: Response): Problem {
  const seconds = Number(response.headers.get('Retry-After') ?? NaN);
  return problem.retryAfterSeconds !== null || !Number.isFinite(seconds)
    ? problem
    : new Problem({
        message: problem.message,
        reason: problem.reason,
        where: problem.where,
        hint: problem.hint,
        details: problem.details,
        status: problem.status,
        retryAfterSeconds: seconds
      });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isProblemAnswer(body: unknown): body is ProblemAnswer {
  const answer = body as Partial<ProblemAnswer> | null;
  return typeof answer?.message === 'string' && typeof answer.reason === 'string';
}
