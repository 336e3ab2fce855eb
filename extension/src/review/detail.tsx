import React, { useEffect, useRef, useState } from 'react';

import type { Job, OutputShown } from '../api';
import { visible, visibleLines } from '../crate/model';
import {
  Button,
  classes,
  ProblemBox,
  SandboxedPage,
  useAsk,
  useDeed,
  useSignal,
  Waiting
} from '../ui';
import { causeWord, isJapanese, saidWords, useWords } from '../words';
import { Decision } from './decision';
import type { IJumper } from './jump';
import { keyOf } from './model';
import type { IGround, Pages } from './pages';

const FOLDED_LINES = 12;

export interface IDetailProps {
  row: OutputShown;
  /** The one that is likely to be looked at next. */
  next: OutputShown | undefined;
  job: Job;
  pages: Pages;
  ground: IGround;
  jumper: IJumper | null;
  /** A key was pressed inside the page of the output. */
  onKey: (key: string) => boolean;
  onJudging: (judging: Job, row: OutputShown) => void;
  /** What was said of this output is being judged. */
  isPending: boolean;
  /** How often the run was judged since it was opened. */
  judged: number;
}

/** One output: the cell's code, recorded beside rerun, and what people say to it. */
export function Detail(props: IDetailProps): React.ReactElement {
  const trans = useWords();
  const { row, job, jumper } = props;
  return (
    <article className="jp-recrate-Review-detail" aria-label={trans.__('Output')}>
      <div className="jp-recrate-Review-place">
        <h2>{trans.__('%1, cell %2', visible(row.notebook), row.cell)}</h2>
        {jumper && <Jump key={keyOf(row)} row={row} job={job} jumper={jumper} />}
      </div>
      {row.failure && <Failure row={row} />}
      {row.source && <Source key={row.notebook + row.cell} text={row.source} />}
      <Page {...props} />
      <Decision
        key={keyOf(row)}
        row={row}
        run={job.id}
        isPending={props.isPending}
        onJudging={judging => props.onJudging(judging, row)}
      />
    </article>
  );
}

/** Open the recorded notebook at the cell, or say why that cannot be. */
function Jump(props: { row: OutputShown; job: Job; jumper: IJumper }): React.ReactElement {
  const trans = useWords();
  const { row, job, jumper } = props;
  const [isAway, setAway] = useState(false);
  const jump = useDeed(async () => setAway(!(await jumper.jump(job, row.notebook, row.cell))));
  return (
    <>
      <Button busy={jump.busy} onClick={() => void jump.run()}>
        {trans.__('Jump to the cell')}
      </Button>
      {jump.problem && <ProblemBox problem={jump.problem} onDismiss={jump.clear} />}
      {isAway && (
        <p className="jp-recrate-Review-away" role="status">
          {job.kind === 'verify'
            ? trans.__('This notebook is not in the study any more.')
            : trans.__(
                'The notebook is inside the crate. Unpack the crate into a folder of its name beside it, and this button opens it there.'
              )}
        </p>
      )}
    </>
  );
}

function Failure({ row }: { row: OutputShown }): React.ReactElement | null {
  const trans = useWords();
  const { failure } = row;
  if (!failure) {
    return null;
  }
  return (
    <div className="jp-recrate-Review-failure">
      <p>
        <strong>{trans.__('The notebook stopped at this cell.')}</strong>{' '}
        <code>{visible(`${failure.name}: ${failure.message}`)}</code>
      </p>
      <p className="jp-recrate-quiet">
        {trans.__('Cause: %1.', causeWord(trans, failure.cause))}{' '}
        {visible(saidWords(trans, failure.hint))}
      </p>
    </div>
  );
}

/** The cell's code as text; a long one is folded. */
function Source({ text }: { text: string }): React.ReactElement {
  const trans = useWords();
  const [open, setOpen] = useState(false);
  const lines = text.split('\n');
  const isLong = lines.length > FOLDED_LINES + 3;
  const shown = isLong && !open ? lines.slice(0, FOLDED_LINES) : lines;
  return (
    <div className="jp-recrate-Review-source">
      <pre tabIndex={0} role="group" aria-label={trans.__('Code of the cell')}>
        <code>{visibleLines(shown.join('\n'))}</code>
      </pre>
      {isLong && (
        <Button look="quiet" expanded={open} onClick={() => setOpen(!open)}>
          {open
            ? trans.__('Show less')
            : trans._n('Show %1 more line', 'Show %1 more lines', lines.length - FOLDED_LINES)}
        </Button>
      )}
    </div>
  );
}

/** The server's page of the output: strangers' HTML, so in a frame without scripts. */
function Page(props: IDetailProps): React.ReactElement {
  const trans = useWords();
  const { row, next, pages, ground, judged } = props;
  useSignal(ground.changed);
  const { theme } = ground;
  const language = isJapanese() ? 'ja' : 'en';
  const key = [keyOf(row), row.verdict].join();
  const page = useAsk(
    async () => ({ key, html: await pages.get(row, theme, language) }),
    [key, theme, language, judged]
  );
  useEffect(() => {
    if (next && page.value?.key === key) {
      pages.get(next, theme, language).catch(() => undefined);
    }
  }, [page.value, next]);
  if (page.problem) {
    return <ProblemBox problem={page.problem} onRetry={page.again} busy={page.busy} />;
  }
  if (!page.value) {
    return <Waiting>{trans.__('Fetching the output…')}</Waiting>;
  }
  const title = trans.__('Cell %1, output %2: recorded and rerun', row.cell, row.output);
  return (
    <OutputFrame
      html={page.value.html}
      title={title}
      isOld={page.value.key !== key}
      onKey={props.onKey}
    />
  );
}

/** A page of the server in its frame; keys that mean something in the review count inside, too. */
export function OutputFrame(props: {
  html: string;
  title: string;
  isOld?: boolean;
  onKey?: (key: string) => boolean;
}): React.ReactElement {
  const box = useRef<HTMLDivElement>(null);
  const latest = useRef(props.onKey);
  latest.current = props.onKey;
  useEffect(() => {
    const frame = box.current?.querySelector('iframe');
    const onKeyDown = (event: KeyboardEvent): void => {
      const isPlain = !event.ctrlKey && !event.altKey && !event.metaKey;
      if (isPlain && /^[a-z]$/.test(event.key) && latest.current?.(event.key)) {
        event.preventDefault();
      }
    };
    const onLoad = (): void =>
      frame?.contentDocument?.documentElement?.addEventListener('keydown', onKeyDown);
    frame?.addEventListener('load', onLoad);
    return () => frame?.removeEventListener('load', onLoad);
  }, []);
  return (
    <div
      ref={box}
      className={classes('jp-recrate-Review-page', props.isOld && 'jp-mod-old')}
      aria-busy={props.isOld || undefined}
    >
      <SandboxedPage html={props.html} title={props.title} mode="still" minHeight={120} />
    </div>
  );
}
