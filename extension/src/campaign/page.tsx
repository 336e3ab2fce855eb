import React, { useState } from 'react';

import { isUnderWay, type Job } from '../api';
import { Button, ProblemBox, useAsk, useLightness, useRecrate, useWatched, Waiting } from '../ui';
import { useWords } from '../words';

/**
 * A campaign's own page in a frame of another origin: strangers' words are on it, and it reaches
 * nothing of Lab. It reads its data again by itself.
 */
export function CampaignPage(props: {
  id: string;
  onNamed: (name: string) => void;
}): React.ReactElement {
  const trans = useWords();
  const { api, jobs } = useRecrate();
  const isLight = useLightness();
  const [turn, setTurn] = useState(0);
  const changes = useWatched(jobs.changed, (job: Job) => job.id === props.id && !isUnderWay(job));
  const job = useAsk(
    async signal => {
      const found = await api.readJob(props.id, { signal });
      props.onNamed(found.title || found.subject || '/');
      return found;
    },
    [props.id]
  );
  const told = useAsk(signal => api.readCampaign(props.id, { signal }), [props.id, changes]);
  const problem = told.problem ?? job.problem;
  if (problem) {
    return (
      <div className="jp-recrate-Pad">
        <ProblemBox problem={problem} onRetry={told.again} busy={told.busy} />
      </div>
    );
  }
  if (!told.value || !job.value) {
    return <Waiting>{trans.__('Looking…')}</Waiting>;
  }
  if (!told.value.page) {
    return (
      <div className="jp-recrate-Pad">
        <p>{trans.__('There is no page yet.')}</p>
        <Button busy={told.busy} onClick={told.again}>
          {trans.__('Look again')}
        </Button>
      </div>
    );
  }
  const theme = isLight ? 'light' : 'dark';
  return (
    <div className="jp-recrate-Campaign-page">
      <div className="jp-recrate-Actions">
        <Button look="quiet" onClick={() => setTurn(turn + 1)}>
          {trans.__('Back to the overview')}
        </Button>
      </div>
      <iframe
        key={`${turn} ${theme}`}
        title={trans.__('Campaign: %1', job.value.title)}
        sandbox="allow-scripts"
        referrerPolicy="no-referrer"
        src={`${api.addressOf(told.value.page)}?theme=${theme}`}
      />
    </div>
  );
}
