import React from 'react';

import { classes, Shape } from '../ui';
import { useWords } from '../words';
import { STEPS, type Mark, type Step } from './model';
import { MARK_SHAPES, markWord, stepTitle } from './words';

/** The five steps, each reachable at any time, with how it stands as a shape and a word. */
export function Stepper(props: {
  current: Step;
  marks: Record<Step, Mark>;
  onGo: (step: Step) => void;
}): React.ReactElement {
  const trans = useWords();
  return (
    <nav className="jp-recrate-Study-Steps" aria-label={trans.__('Steps')}>
      <ol>
        {STEPS.map((step, at) => {
          const mark = props.marks[step];
          const isCurrent = step === props.current;
          return (
            <li key={step} className={classes(isCurrent && 'jp-mod-current')}>
              <button
                type="button"
                data-step={step}
                data-mark={mark}
                aria-current={isCurrent ? 'step' : undefined}
                onClick={() => props.onGo(step)}
              >
                <span className="jp-recrate-Study-Steps-number" aria-hidden="true">
                  {at + 1}
                </span>
                <span className="jp-recrate-Study-Steps-words">
                  <span className="jp-recrate-Study-Steps-title">{stepTitle(trans, step)}</span>
                  <span className="jp-recrate-Study-Steps-mark">
                    <Shape of={MARK_SHAPES[mark]} spin={mark === 'running'} />
                    {markWord(trans, step, mark)}
                  </span>
                </span>
              </button>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
