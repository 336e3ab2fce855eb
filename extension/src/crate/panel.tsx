import React, { useState } from 'react';

import type { CrateOverview, Job } from '../api';
import { recrateIcon } from '../icons';
import { useRemembered } from '../state';
import {
  Button,
  ProblemBox,
  Tabs,
  VerdictBadge,
  useAsk,
  useRecrate,
  useWatched,
  Waiting
} from '../ui';
import { sizeWords, useWords } from '../words';
import { Contents } from './contents';
import { Environment } from './environment';
import { CrateFindings } from './findings';
import { Metadata } from './metadata';
import { titleOf, visible } from './model';
import { Overview } from './overview';
import { Verdicts } from './verdicts';

/** A crate as its metadata describes it; nothing of its payload is read. */
export function CratePanel(props: { path: string; onReplay: () => void }): React.ReactElement {
  const trans = useWords();
  const { api, jobs } = useRecrate();
  const [identity, setIdentity] = useState<string | null>(null);
  const judged = useWatched(
    jobs.changed,
    (job: Job) => job.status === 'done' && identity !== null && job.summary?.identity === identity
  );
  const crate = useAsk(
    async signal => {
      const read = await api.readCrate(props.path, { signal });
      setIdentity(read.identity);
      return read;
    },
    [props.path, judged]
  );
  if (crate.problem) {
    return (
      <div className="jp-recrate-Pad">
        <ProblemBox problem={crate.problem} onRetry={crate.again} busy={crate.busy} />
      </div>
    );
  }
  if (crate.value === null) {
    return <Waiting>{trans.__('Reading the crate’s metadata…')}</Waiting>;
  }
  return <CrateView crate={crate.value} path={props.path} onReplay={props.onReplay} />;
}

function CrateView(props: {
  crate: CrateOverview;
  path: string;
  onReplay: () => void;
}): React.ReactElement {
  const trans = useWords();
  const { crate, path } = props;
  const [tab, setTab] = useRemembered<string>(`crate-tab:${path}`, 'overview');
  const tabs = [
    { id: 'overview', title: trans.__('Overview'), content: () => <Overview crate={crate} /> },
    {
      id: 'contents',
      title: trans.__('Contents'),
      count: crate.files_total ?? crate.files.length,
      content: () => <Contents crate={crate} />
    },
    {
      id: 'environment',
      title: trans.__('Environment'),
      content: () => <Environment crate={crate} />
    },
    { id: 'metadata', title: trans.__('Metadata'), content: () => <Metadata crate={crate} /> },
    {
      id: 'findings',
      title: trans.__('Findings'),
      count: crate.findings.length || undefined,
      content: () => <CrateFindings crate={crate} path={path} />
    },
    {
      id: 'verdicts',
      title: trans.__('Verdicts'),
      count: crate.verdicts.length,
      content: () => <Verdicts crate={crate} onReplay={props.onReplay} />
    }
  ];
  const stated = crate.verified?.verdict ?? null;
  const latest = crate.verdicts.find(job => job.summary?.verdict);
  return (
    <div className="jp-recrate-Crate">
      <div className="jp-recrate-Crate-head">
        <recrateIcon.react tag="div" className="jp-recrate-Crate-icon" aria-hidden="true" />
        <div className="jp-recrate-Crate-naming">
          <h1>{visible(titleOf(crate))}</h1>
          <p>
            {trans._n('%1 notebook', '%1 notebooks', crate.notebooks.length)}
            {' · '}
            {trans._n('%1 file', '%1 files', crate.files_total ?? crate.files.length)}
            {' · '}
            {sizeWords(crate.size_bytes)}
          </p>
        </div>
        <span className="jp-recrate-Crate-verdict">
          {latest ? (
            <span className="jp-recrate-quiet">{trans.__('Last run here:')}</span>
          ) : (
            stated && <span className="jp-recrate-quiet">{trans.__('It says of itself:')}</span>
          )}
          <VerdictBadge verdict={latest?.summary?.verdict ?? stated} />
        </span>
        <Button look="primary" icon={recrateIcon} onClick={props.onReplay}>
          {trans.__('Replay…')}
        </Button>
      </div>
      <Tabs label={trans.__('Parts of the crate')} tabs={tabs} current={tab} onChange={setTab} />
    </div>
  );
}
