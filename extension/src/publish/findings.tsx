import React from 'react';

import type { Finding } from '../api';
import { visible } from '../crate/model';
import { Button, findingWords, SeverityIcon } from '../ui';
import { useWords } from '../words';
import { Coded } from './coded';
import { usePublishing } from './context';
import { isOfDescription, ordered } from './model';

/** What a repository would refuse, lose, or says beside. */
export function Findings(props: {
  findings: readonly Finding[];
  label: string;
}): React.ReactElement | null {
  const trans = useWords();
  const { describe } = usePublishing();
  if (!props.findings.length) {
    return null;
  }
  return (
    <ul className="jp-recrate-Publish-Findings" aria-label={props.label}>
      {ordered(props.findings).map((finding, at) => {
        const { message, hint } = findingWords(trans, finding);
        return (
          <li key={at} data-severity={finding.severity} data-code={finding.code}>
            <SeverityIcon severity={finding.severity} />
            <div>
              <p>
                <Coded text={visible(message)} />
              </p>
              {hint && (
                <p className="jp-recrate-quiet">
                  <Coded text={visible(hint)} />
                </p>
              )}
            </div>
            {describe && finding.severity !== 'note' && isOfDescription(finding) && (
              <Button onClick={describe}>{trans.__('Go to: %1', trans.__('Describe'))}</Button>
            )}
          </li>
        );
      })}
    </ul>
  );
}
