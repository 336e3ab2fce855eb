import React, { useEffect, useMemo, useState } from 'react';

import { recrateIcon } from '../icons';
import { RunsModel } from '../runs/model';
import { Button, EmptyState, ProblemBox, useRecrate, useSignal, Waiting } from '../ui';
import { useWords } from '../words';
import { CampaignCard } from './card';
import { CampaignForm } from './form';

export interface ICampaignsProps {
  chosen: () => string | null;
  /** Open the page of a campaign, by the id of its job. */
  onOpen: (id: string) => void;
}

/** All campaigns, the newest first, and the form that begins another. */
export function Campaigns({ chosen, onOpen }: ICampaignsProps): React.ReactElement {
  const trans = useWords();
  const model = useCampaigns();
  const [asking, setAsking] = useState<boolean | null>(null);
  const total = model.total ?? 0;
  const isFormOpen = asking ?? model.total === 0;
  const shown = Array.from({ length: total }, (_, at) => model.itemAt(at)).filter(
    job => job !== undefined
  );
  return (
    <div className="jp-recrate-Pad jp-recrate-Campaigns">
      <header>
        <h1>{trans.__('Campaigns')}</h1>
        <Button expanded={isFormOpen} onClick={() => setAsking(!isFormOpen)}>
          {trans.__('New campaign')}
        </Button>
      </header>
      <p className="jp-recrate-quiet">
        {trans.__(
          'Every crate of a list is replayed, here or on a cluster. It goes on when this page is closed, and after a stop it can be resumed.'
        )}
      </p>
      {isFormOpen && <CampaignForm chosen={chosen} onStarted={() => setAsking(false)} />}
      {model.problem && <ProblemBox problem={model.problem} onRetry={() => model.reload()} />}
      {model.total === null && !model.problem && <Waiting>{trans.__('Looking…')}</Waiting>}
      {model.total === 0 && (
        <EmptyState icon={recrateIcon} title={trans.__('No campaigns yet')}>
          {trans.__('Name a folder of crates, a list, a community or a DOI above.')}
        </EmptyState>
      )}
      {shown.map(job => (
        <CampaignCard key={job.id} job={job} onOpen={onOpen} />
      ))}
      {shown.length < total && (
        <Button busy={model.busy} onClick={() => model.need(shown.length)}>
          {trans.__('Show more')}
        </Button>
      )}
    </div>
  );
}

function useCampaigns(): RunsModel {
  const { api, jobs } = useRecrate();
  const model = useMemo(() => {
    const only = { changed: jobs.changed, removed: jobs.removed };
    return new RunsModel(api, only);
  }, [api, jobs]);
  useEffect(() => {
    model.narrow({ kind: 'campaign' });
    return () => model.dispose();
  }, [model]);
  useSignal(model.changed);
  return model;
}
