import React from 'react';

import { PublishRoom } from '../publish/room';
import { Button, EmptyState, ProblemBox, Shape, useAsk, useDeed, useSignal } from '../ui';
import { useWords } from '../words';
import type { IDepositor, IDepositors } from '../tokens';
import { useSession } from './context';
import { blocks } from './model';
import { blockWords, stepTitle } from './words';

/** Step 5: where the crate can be deposited. */
export function PublishStep({
  depositors
}: {
  depositors: IDepositors | null;
}): React.ReactElement {
  const trans = useWords();
  const session = useSession();
  useSignal(depositors?.changed);
  const reasons = blocks(session.facts);
  const added = depositors?.all ?? [];
  const crate = session.pack.result;
  const publishing = {
    session: session.publishing,
    subject: { path: crate?.crate ?? '', run: null },
    identity: crate?.identity ?? null,
    isBlocked: reasons.length > 0,
    describe: () => void session.go('describe'),
    show: crate && (() => void session.lab.show(crate.crate))
  };
  return (
    <div className="jp-recrate-Study-Step">
      <p className="jp-recrate-Study-Lead">
        {trans.__(
          'A repository keeps the crate, gives it a DOI, and lets others find and cite it.'
        )}
      </p>
      {reasons.length > 0 && (
        <section
          className="jp-recrate-Study-Blocks"
          aria-label={trans.__('What stands in the way')}
        >
          <h2>{trans.__('What stands in the way')}</h2>
          <ul>
            {reasons.map(block => (
              <li key={block.kind} data-block={block.kind}>
                <Shape of={block.kind.startsWith('errors') ? 'error' : 'warning'} />
                <span>{blockWords(trans, block)}</span>
                <Button onClick={() => void session.go(block.step)}>
                  {trans.__('Go to: %1', stepTitle(trans, block.step))}
                </Button>
              </li>
            ))}
          </ul>
        </section>
      )}
      <PublishRoom publishing={publishing} none={added.length === 0 && <ByHand />}>
        {added.length > 0 && (
          <ul className="jp-recrate-Study-Places" aria-label={trans.__('Other ways to publish')}>
            {added.map(one => (
              <Depositor key={one.name} depositor={one} isBlocked={reasons.length > 0} />
            ))}
          </ul>
        )}
      </PublishRoom>
    </div>
  );
}

function Depositor(props: { depositor: IDepositor; isBlocked: boolean }): React.ReactElement {
  const trans = useWords();
  const session = useSession();
  const { depositor, isBlocked } = props;
  const { result } = session.pack;
  const reason = useAsk(async () => (await depositor.unavailable?.()) ?? null, [depositor]);
  const publish = useDeed(async () => {
    if (result) {
      const { title } = session.keeper.draft ?? { title: '' };
      await depositor.publish({
        path: result.crate,
        identity: result.identity,
        name: title || session.name
      });
    }
  });
  const Icon = depositor.icon;
  return (
    <li>
      {Icon && <Icon.react tag="span" aria-hidden="true" />}
      <div>
        <h3>{depositor.title}</h3>
        {depositor.description && <p>{depositor.description}</p>}
        {reason.value && <p className="jp-recrate-quiet">{reason.value}</p>}
        {reason.problem && <ProblemBox problem={reason.problem} onRetry={reason.again} />}
        {publish.problem && <ProblemBox problem={publish.problem} onDismiss={publish.clear} />}
      </div>
      <Button
        look="primary"
        busy={publish.busy || reason.busy}
        disabled={isBlocked || !result || reason.value !== null}
        title={isBlocked ? trans.__('See above what stands in the way.') : undefined}
        onClick={() => void publish.run()}
      >
        {trans.__('Publish there…')}
      </Button>
    </li>
  );
}

/** No repository is set up here: what a person can do all the same. */
function ByHand(): React.ReactElement {
  const trans = useWords();
  const session = useSession();
  const { result } = session.pack;
  const download = useDeed(async (path: string) => session.lab.download(path));
  return (
    <EmptyState
      title={trans.__('No repository is set up on this server')}
      action={
        result ? (
          <>
            <Button
              look="primary"
              busy={download.busy}
              onClick={() => void download.run(result.crate)}
            >
              {trans.__('Download the crate')}
            </Button>
            <Button onClick={() => void session.lab.show(result.crate)}>
              {trans.__('Show in the file browser')}
            </Button>
          </>
        ) : (
          <Button onClick={() => void session.go('pack')}>{trans.__('Pack first')}</Button>
        )
      }
    >
      <p>
        {trans.__(
          'You can publish by hand: download the crate and upload the file as it is to your institute’s repository or another one that takes data. Copy title, people and licence from the description.'
        )}
      </p>
      <p>
        {trans.__(
          'Whoever runs this server can set up repositories, so that publishing is one button here.'
        )}
      </p>
      {download.problem && <ProblemBox problem={download.problem} onDismiss={download.clear} />}
    </EmptyState>
  );
}
