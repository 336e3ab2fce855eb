import React from 'react';

import type { Job, Judgement, OutputJudgement, Severity, Status } from '../api';
import {
  known,
  outputWord,
  severityWord,
  statusWord,
  useWords,
  verdictMeaning,
  verdictWord
} from '../words';
import { classes } from './classes';

const LINE = {
  fill: 'none',
  stroke: 'currentColor',
  strokeWidth: 2,
  strokeLinecap: 'round' as const,
  strokeLinejoin: 'round' as const
};
const CUT = { ...LINE, stroke: 'var(--jp-layout-color1)' };
const SQUARE = <rect x="1" y="1" width="14" height="14" rx="3" fill="currentColor" />;
const DISC = <circle cx="8" cy="8" r="7" fill="currentColor" />;
const DIAMOND = <path d="M8 .2 15.8 8 8 15.8 .2 8Z" fill="currentColor" />;

/** A shape for each word, the same as in the report: colour is never needed to tell them apart. */
const SHAPES: Record<string, React.ReactNode> = {
  identical: [SQUARE, <path d="M4.8 6h6.4M4.8 10h6.4" {...CUT} />],
  equivalent: [DISC, <path d="M4.3 9.2c1.2-2.4 2.4-2.4 3.7-1.2s2.5 1.2 3.7-1.2" {...CUT} />],
  ran: [DISC, <path d="M6.3 4.6v6.8L11.8 8Z" fill="var(--jp-layout-color1)" />],
  different: [DIAMOND, <path d="M8 4.4v4.2M8 11.4v.1" {...CUT} />],
  failed: [
    <path d="M5 .8h6L15.2 5v6L11 15.2H5L.8 11V5Z" fill="currentColor" />,
    <path d="m5.4 5.4 5.2 5.2m0-5.2-5.2 5.2" {...CUT} />
  ],
  'not restored': [
    <circle cx="8" cy="8" r="6" strokeDasharray="24 13.7" {...LINE} />,
    <path d="M8 5v3.4M8 11.1v.1" {...LINE} />
  ],
  missing: [
    <rect x="2" y="2" width="12" height="12" rx="2" strokeDasharray="3 2.2" {...LINE} />,
    <path d="M6 8h4" {...LINE} />
  ],
  added: <path d="M8 2v12M2 8h12" {...LINE} />,
  unstable: <path d="M1.5 10.5 4.5 5l3.5 6 3.5-6 3 5.5" {...LINE} />,
  skipped: [<circle cx="8" cy="8" r="6" {...LINE} />, <path d="m4 12 8-8" {...LINE} />],
  waived: [
    <rect x="2" y="2" width="12" height="12" rx="2" {...LINE} />,
    <path d="m5 8.2 2.2 2.2L11 6" {...LINE} />
  ],
  queued: [
    <circle cx="8" cy="8" r="6" {...LINE} />,
    <path d="M5.2 8h.1M8 8h.1M10.8 8h.1" {...LINE} />
  ],
  running: <path d="M8 2a6 6 0 1 1-6 6" {...LINE} />,
  done: <path d="m3 8.6 3.4 3.4L13 4.8" {...LINE} />,
  cancelled: [<circle cx="8" cy="8" r="6" {...LINE} />, <path d="M5 8h6" {...LINE} />],
  interrupted: [
    <path d="M6 3v10M10 3v10" {...LINE} />,
    <path d="M2 13.5 14 2.5" {...LINE} strokeWidth={1} />
  ],
  error: [
    <circle cx="8" cy="8" r="7" fill="currentColor" />,
    <path d="m5.6 5.6 4.8 4.8m0-4.8-4.8 4.8" {...CUT} />
  ],
  warning: [
    <path d="M8 1.2 15.4 14.4H.6Z" fill="currentColor" strokeLinejoin="round" />,
    <path d="M8 6v3.6M8 12v.1" {...CUT} />
  ],
  note: [
    <circle cx="8" cy="8" r="6.4" {...LINE} strokeWidth={1.6} />,
    <path d="M8 7.4v4M8 4.8v.1" {...LINE} />
  ]
};

/** Which of the theme's colours a word wears. */
const TONES: Record<string, string> = {
  identical: 'good',
  equivalent: 'good',
  ran: 'info',
  different: 'warn',
  missing: 'warn',
  unstable: 'warn',
  failed: 'bad',
  'not restored': 'bad',
  error: 'bad',
  warning: 'warn',
  interrupted: 'warn',
  running: 'info',
  queued: 'quiet'
};

/** The shape alone; for where the word stands beside it. */
export function Shape({ of, spin }: { of: string; spin?: boolean }): React.ReactElement {
  return (
    <svg
      className={classes(
        'jp-recrate-Shape',
        `jp-mod-${known(TONES, of) ?? 'quiet'}`,
        spin && 'jp-mod-spin'
      )}
      viewBox="0 0 16 16"
      width="14"
      height="14"
      aria-hidden="true"
      focusable="false"
    >
      {React.Children.toArray(known(SHAPES, of) ?? SHAPES['note'])}
    </svg>
  );
}

interface IBadgeProps {
  of: string;
  word: string;
  title?: string;
  spin?: boolean;
  plain?: boolean;
}

function Badge({ of, word, title, spin, plain }: IBadgeProps): React.ReactElement {
  const tone = known(TONES, of) ?? 'quiet';
  return (
    <span
      className={classes('jp-recrate-Badge', `jp-mod-${tone}`, plain && 'jp-mod-bare')}
      title={title}
      data-of={of}
    >
      <Shape of={of} spin={spin} />
      <span className="jp-recrate-Badge-word">{word}</span>
    </span>
  );
}

/** A verdict of a study, notebook or cell; null is "not verified". */
export function VerdictBadge(props: {
  verdict: Judgement | null;
  plain?: boolean;
}): React.ReactElement {
  const trans = useWords();
  const { verdict, plain } = props;
  if (verdict === null) {
    return (
      <Badge
        of="skipped"
        word={trans.__('Not verified')}
        title={trans.__('Nobody has run this crate yet.')}
        plain={plain}
      />
    );
  }
  const word = verdictWord(trans, verdict);
  return <Badge of={verdict} word={word} title={verdictMeaning(trans, verdict)} plain={plain} />;
}

/** The verdict of one output. */
export function OutputBadge(props: {
  verdict: OutputJudgement;
  plain?: boolean;
}): React.ReactElement {
  const trans = useWords();
  return <Badge of={props.verdict} word={outputWord(trans, props.verdict)} plain={props.plain} />;
}

/** A job's status. */
export function StatusBadge(props: { status: Status; plain?: boolean }): React.ReactElement {
  const trans = useWords();
  return (
    <Badge
      of={props.status === 'failed' ? 'error' : props.status}
      word={statusWord(trans, props.status)}
      spin={props.status === 'running'}
      plain={props.plain}
    />
  );
}

/** What a list says of a job: its verdict where it has one, else its status. */
export function JobBadge({ job, plain }: { job: Job; plain?: boolean }): React.ReactElement {
  const verdict = job.status === 'done' ? job.summary?.verdict : undefined;
  return verdict ? (
    <VerdictBadge verdict={verdict} plain={plain} />
  ) : (
    <StatusBadge status={job.status} plain={plain} />
  );
}

/** A severity as a shape; its word is read aloud, or shown when `word` is set. */
export function SeverityIcon(props: { severity: Severity; word?: boolean }): React.ReactElement {
  const trans = useWords();
  const word = severityWord(trans, props.severity);
  return (
    <span className="jp-recrate-Severity" title={word} data-severity={props.severity}>
      <Shape of={props.severity} />
      <span className={props.word ? 'jp-recrate-Severity-word' : 'jp-recrate-hidden'}>{word}</span>
    </span>
  );
}
