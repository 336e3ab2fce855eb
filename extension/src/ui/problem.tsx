import { Clipboard } from '@jupyterlab/apputils';
import React, { useState } from 'react';

import { Problem, type ProblemAnswer } from '../api';
import { visible } from '../crate/model';
import { problemWords, spanWords, useWords } from '../words';
import { Button } from './button';
import { Shape } from './verdict';

export interface IProblemBoxProps {
  /** What failed: thrown by `Api`, or the `error` of a job. */
  problem: Problem | ProblemAnswer;
  /** Offer to try again. */
  onRetry?: () => void;
  retryLabel?: string;
  busy?: boolean;
  onDismiss?: () => void;
  /** More buttons. */
  children?: React.ReactNode;
}

/** An error as people need it: what happened, what to do, where, and details to send on. */
export function ProblemBox(props: IProblemBoxProps): React.ReactElement {
  const trans = useWords();
  const [copied, setCopied] = useState(false);
  const problem = props.problem instanceof Problem ? props.problem : Problem.of(props.problem);
  const { message, hint } = problemWords(trans, problem);
  const wait = problem.retryAfterSeconds;
  return (
    <div className="jp-recrate-Problem" role="alert">
      <Shape of={problem.reason === 'busy' || problem.reason === 'gone' ? 'warning' : 'error'} />
      <div className="jp-recrate-Problem-text">
        <p className="jp-recrate-Problem-message">{message}</p>
        {hint && <p className="jp-recrate-Problem-hint">{hint}</p>}
        {wait !== null && (
          <p className="jp-recrate-Problem-hint">
            {trans.__('Come back in %1.', spanWords(trans, wait))}
          </p>
        )}
        {problem.where && <p className="jp-recrate-Problem-where">{visible(problem.where)}</p>}
        <div className="jp-recrate-Actions">
          {props.onRetry && (
            <Button onClick={props.onRetry} busy={props.busy}>
              {props.retryLabel ?? trans.__('Try again')}
            </Button>
          )}
          {props.children}
          <Button
            look="quiet"
            onClick={() => {
              Clipboard.copyToSystem(problem.asText());
              setCopied(true);
            }}
          >
            {copied ? trans.__('Copied') : trans.__('Copy details')}
          </Button>
          {props.onDismiss && (
            <Button look="quiet" onClick={props.onDismiss}>
              {trans.__('Dismiss')}
            </Button>
          )}
        </div>
      </div>
    </div>
  );
}
