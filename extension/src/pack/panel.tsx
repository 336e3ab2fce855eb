import React, { useEffect, useRef } from 'react';

import { Describe, KeepStatus } from '../describe/panel';
import type { IDepositors } from '../tokens';
import { Button, useSignal, Waiting } from '../ui';
import { useWords } from '../words';
import { SessionContext } from './context';
import { marks, nextStep, type Step } from './model';
import { PackStep } from './packing';
import { PublishStep } from './publish';
import { ScanStep } from './scan';
import type { StudySession } from './session';
import { Stepper } from './stepper';
import { VerifyStep } from './verify';
import { stepTitle } from './words';

/** "Package & publish": five steps over one study. */
export function PackPanel(props: {
  session: StudySession;
  depositors: IDepositors | null;
}): React.ReactElement {
  const trans = useWords();
  const { session } = props;
  useSignal(session.changed);
  const { step } = session.state;
  const title = session.keeper.draft?.title || session.name;
  const next = nextStep(step);
  const body = useRef<HTMLElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const wasAt = useRef(step);
  useEffect(() => {
    if (wasAt.current !== step) {
      wasAt.current = step;
      scroller.current?.scrollTo({ top: 0 });
      body.current?.focus({ preventScroll: true });
    }
  }, [step]);
  const go = (to: Step): void => void session.go(to);
  return (
    <SessionContext.Provider value={session}>
      <div className="jp-recrate-Pack">
        <div className="jp-recrate-Pack-head">
          <h1 title={session.path || '/'}>
            {title}
            {title !== session.path && (
              <span className="jp-recrate-quiet">{session.path || '/'}</span>
            )}
          </h1>
          <Stepper current={step} marks={marks(session.facts)} onGo={go} />
        </div>
        <div className="jp-recrate-Pack-scroll" ref={scroller}>
          <section
            ref={body}
            tabIndex={-1}
            aria-label={stepTitle(trans, step)}
            className="jp-recrate-Pack-body"
            data-step={step}
          >
            {session.isReady ? (
              <Body step={step} session={session} depositors={props.depositors} />
            ) : (
              <Waiting>{trans.__('Opening the study')}</Waiting>
            )}
          </section>
        </div>
        <div className="jp-recrate-Pack-foot">
          {step === 'describe' ? <KeepStatus keeper={session.keeper} /> : <span />}
          {next && (
            <Button look="primary" onClick={() => go(next)} className="jp-recrate-Next">
              {trans.__('Next: %1', stepTitle(trans, next))}
            </Button>
          )}
        </div>
      </div>
    </SessionContext.Provider>
  );
}

function Body(props: {
  step: Step;
  session: StudySession;
  depositors: IDepositors | null;
}): React.ReactElement {
  switch (props.step) {
    case 'scan':
      return <ScanStep />;
    case 'describe':
      return <Describe keeper={props.session.keeper} files={studyFiles(props.session)} />;
    case 'verify':
      return <VerifyStep />;
    case 'pack':
      return <PackStep />;
    case 'publish':
      return <PublishStep depositors={props.depositors} />;
  }
}

/** Return the files and folders of the study that the scan tells of, for those who keep some back. */
function studyFiles({ scan }: StudySession): string[] {
  const { result } = scan;
  if (!result) {
    return [];
  }
  const files = [
    ...(result.data ?? []),
    ...result.files.largest.map(one => one.path),
    ...result.notebooks.flatMap(one => one.writes ?? [])
  ].filter(path => !path.endsWith('.ipynb'));
  const folders = files.flatMap(path =>
    path
      .split('/')
      .slice(0, -1)
      .map((_, depth, parts) => `${parts.slice(0, depth + 1).join('/')}/`)
  );
  return [...new Set([...folders, ...files])].sort();
}
