import React, { useState } from 'react';

import type { CheckResult, CrateOverview, Finding } from '../api';
import {
  Button,
  EmptyState,
  ProblemBox,
  ProgressView,
  SeverityIcon,
  findingWords,
  useAsk,
  useDeed,
  useFollowing,
  useRecrate
} from '../ui';
import { useWords } from '../words';
import { visible } from './model';

/** What reading the metadata showed, and on demand a whole check: profile, checksums, safety. */
export function CrateFindings(props: { crate: CrateOverview; path: string }): React.ReactElement {
  const trans = useWords();
  const { api, jobs } = useRecrate();
  const [id, setId] = useState<string | null>(null);
  const check = useDeed(async () => {
    const job = await jobs.start({ kind: 'check', path: props.path });
    setId(job.id);
  });
  const following = useFollowing(jobs, id);
  const isDone = following?.job?.status === 'done';
  const result = useAsk(
    async signal => (id && isDone ? ((await api.readResult(id, { signal })) as CheckResult) : null),
    [id, isDone]
  );
  const findings = result.value?.findings ?? props.crate.findings;
  return (
    <div className="jp-recrate-Pad jp-recrate-CrateCheck">
      <p>
        {trans.__(
          'A check reads the whole crate: the RO-Crate profile, recrate’s own rules, every checksum, and safety.'
        )}
      </p>
      <div className="jp-recrate-Actions">
        <Button busy={check.busy} onClick={() => void check.run()}>
          {id ? trans.__('Check again') : trans.__('Check this crate')}
        </Button>
      </div>
      {check.problem && <ProblemBox problem={check.problem} />}
      {following?.job && !isDone && (
        <ProgressView job={following.job} onCancel={() => void jobs.cancel(following.id)} />
      )}
      {result.value && (
        <p role="status">
          <strong>
            {result.value.valid
              ? trans.__('Valid: the crate says what it must, and every checksum is right.')
              : trans.__('Not valid: see the errors below.')}
          </strong>
        </p>
      )}
      {findings.length === 0 && !result.value && (
        <EmptyState title={trans.__('Nothing was found while opening it')} />
      )}
      <ul className="jp-recrate-CrateFindings">
        {findings.map((finding, at) => (
          <OneFinding key={at} finding={finding} />
        ))}
      </ul>
    </div>
  );
}

function OneFinding({ finding }: { finding: Finding }): React.ReactElement {
  const trans = useWords();
  const words = findingWords(trans, finding);
  return (
    <li>
      <SeverityIcon severity={finding.severity} />
      <div>
        {words.title && <strong>{words.title}</strong>}
        <p>
          <code>{visible(finding.where)}</code> {visible(words.message)}
        </p>
        {words.hint && <p className="jp-recrate-quiet">{visible(words.hint)}</p>}
      </div>
    </li>
  );
}
