import React, { useEffect, useRef, useState } from 'react';

import { visible } from '../crate/model';
import { compareIcon, verdictIcon } from '../icons';
import { CommandIDs } from '../names';
import { CoverageBar } from '../replay/verdict';
import type { IRecrate } from '../tokens';
import {
  Button,
  Disclosure,
  EmptyState,
  ProblemBox,
  RoomWidget,
  Shape,
  useSignal,
  VerdictBadge
} from '../ui';
import { coverageWords, useWords, verdictMeaning, type Words } from '../words';
import { About } from './about';
import type { ISessionRoom } from './context';
import { Going } from './going';
import type { IHalt } from './runner';
import { sumOf, verdictOf, type IDifference, type ITally } from './tally';
import { apartWords, markWords } from './words';

const SHOWN_DIFFERENCES = 5;

/** What was seen so far, notebook by notebook, and what the session is of. */
export function SessionPanel(props: {
  room: ISessionRoom;
  /** Counts up whenever somebody asks what the session is of. */
  asked: number;
}): React.ReactElement {
  const trans = useWords();
  const { room, asked } = props;
  const [isAbout, setAbout] = useState(false);
  const about = useRef<HTMLDivElement>(null);
  const answered = useRef(0);
  useEffect(() => {
    if (asked > answered.current) {
      if (isAbout) {
        answered.current = asked;
        about.current?.scrollIntoView({ block: 'start' });
        about.current?.querySelector('button')?.focus({ preventScroll: true });
      }
      setAbout(true);
    }
  }, [asked, isAbout]);
  return (
    <div className="jp-recrate-Session">
      <h2>{trans.__('Compared with what was recorded')}</h2>
      <Summary room={room} />
      <div ref={about}>
        <Disclosure title={trans.__('About this session')} open={isAbout} onToggle={setAbout}>
          <About session={room.model.session} />
        </Disclosure>
      </div>
    </div>
  );
}

function Summary({ room }: { room: ISessionRoom }): React.ReactElement {
  const trans = useWords();
  const { model, runner } = room;
  useSignal(model.changed);
  useSignal(runner.changed);
  const seen = model.tallies();
  const sum = sumOf(seen.flatMap(({ tally }) => tally ?? []));
  const { running, outcome } = runner;
  return (
    <>
      {running && (
        <Going running={running} onStop={() => room.lab.run(CommandIDs.stopCompare, {})} />
      )}
      {outcome?.problem && <ProblemBox problem={outcome.problem} />}
      {sum.run === 0 && !running ? (
        <EmptyState icon={compareIcon} title={trans.__('Nothing has been run here yet')}>
          {trans.__('Run a cell, or a whole notebook: what comes out is compared at once.')}
        </EmptyState>
      ) : (
        <Overall tally={sum} room={room} />
      )}
      <Deeds room={room} />
      <ul className="jp-recrate-Session-notebooks" aria-label={trans.__('Notebooks')}>
        {seen.map(({ path, tally }) => (
          <Notebook
            key={path}
            path={path}
            tally={tally}
            halt={outcome?.halts.find(halt => halt.path === path)}
            room={room}
          />
        ))}
      </ul>
    </>
  );
}

function Overall(props: { tally: ITally; room: ISessionRoom }): React.ReactElement {
  const trans = useWords();
  const { tally, room } = props;
  const verdict = verdictOf(tally);
  const isOver = !room.runner.running && tally.pending === 0;
  const { outcome } = room.runner;
  return (
    <section className="jp-recrate-Session-overall" aria-label={trans.__('So far')}>
      <p className="jp-recrate-Session-line">
        {verdict && <VerdictBadge verdict={verdict} />}
        <span>{coverageWords(trans, tally.coverage)}</span>
      </p>
      {isOver && verdict && <p>{overallWords(trans, tally, verdictMeaning(trans, verdict))}</p>}
      <CoverageBar coverage={tally.coverage} />
      {isOver && verdict === 'different' && outcome && (
        <Chance onTwice={() => void room.runner.run(outcome.paths)} />
      )}
    </section>
  );
}

/** The meaning holds for what was run only: say so where that is not everything. */
function overallWords(trans: Words, tally: ITally, meaning: string): string {
  return tally.coverage.compared < tally.coverage.outputs
    ? trans.__('So far, of what was compared: %1', meaning)
    : meaning;
}

/** One run cannot tell a difference from chance. */
function Chance({ onTwice }: { onTwice: () => void }): React.ReactElement {
  const trans = useWords();
  return (
    <div className="jp-recrate-Played-chance">
      <p>
        {trans.__(
          'It may be chance and not change. Run twice, what differs between the two runs is told apart.'
        )}
      </p>
      <Button onClick={onTwice}>{trans.__('Run once more')}</Button>
    </div>
  );
}

function Deeds({ room }: { room: ISessionRoom }): React.ReactElement {
  const trans = useWords();
  const { lab, runner, model } = room;
  const isRunning = runner.running !== null;
  useSignal(room.moved);
  const path = room.inFront();
  return (
    <div className="jp-recrate-Actions">
      <Button
        look="primary"
        icon={compareIcon}
        disabled={isRunning || path === null}
        title={path === null ? trans.__('Open a notebook of the crate first.') : visible(path)}
        onClick={() => lab.run(CommandIDs.runCompare, {})}
      >
        {trans.__('Run this notebook')}
      </Button>
      {model.session.notebooks.length > 1 && (
        <Button
          disabled={isRunning}
          title={trans.__('Each from its top in a fresh kernel, in run order; each is saved')}
          onClick={() => lab.run(CommandIDs.runCompare, { all: 'yes' })}
        >
          {trans.__('Run all notebooks')}
        </Button>
      )}
      <Button icon={verdictIcon} onClick={() => lab.run(CommandIDs.giveVerdict, {})}>
        {trans.__('Give a verdict…')}
      </Button>
    </div>
  );
}

function Notebook(props: {
  path: string;
  tally: ITally | null;
  halt: IHalt | undefined;
  room: ISessionRoom;
}): React.ReactElement {
  const trans = useWords();
  const { path, tally, room } = props;
  const verdict = tally && verdictOf(tally);
  const apart = tally && tally.run > 0 ? apartWords(trans, tally) : [];
  return (
    <li>
      <div className="jp-recrate-Played-row">
        {verdict ? <VerdictBadge verdict={verdict} plain /> : <Shape of="queued" />}
        <button
          type="button"
          className="jp-recrate-Played-path jp-recrate-Played-open"
          onClick={() => void room.lab.goTo(path, null, null)}
        >
          {visible(path)}
        </button>
        <span className="jp-recrate-quiet">
          {tally && tally.run > 0
            ? coverageWords(trans, tally.coverage)
            : trans.__('Not run here yet')}
        </span>
      </div>
      {props.halt && <Halted halt={props.halt} room={room} />}
      {apart.length > 0 && <p className="jp-recrate-quiet">{apart.join(' · ')}</p>}
      {tally && tally.differences.length > 0 && (
        <Differences path={path} differences={tally.differences} room={room} />
      )}
    </li>
  );
}

/** Why a notebook did not come to its end. */
function Halted({ halt, room }: { halt: IHalt; room: ISessionRoom }): React.ReactElement {
  const trans = useWords();
  const at = halt.id === null ? 0 : numberOf(room, halt.path, halt.id);
  const said = {
    error: trans.__('It stopped at code cell %1 with an error.', at),
    lost: trans.__('It stopped at code cell %1: its kernel ended or was interrupted.', at),
    stopped: at ? trans.__('Stopped by you at code cell %1.', at) : trans.__('Stopped by you.')
  };
  return (
    <p className="jp-recrate-Session-halt">
      <Shape of={halt.why === 'stopped' ? 'cancelled' : 'failed'} /> {said[halt.why]}
    </p>
  );
}

function numberOf(room: ISessionRoom, path: string, id: string): number {
  return (room.model.marksOf(path)?.order.indexOf(id) ?? -1) + 1;
}

/** The first cells that gave something else, each a way to it. */
function Differences(props: {
  path: string;
  differences: readonly IDifference[];
  room: ISessionRoom;
}): React.ReactElement {
  const trans = useWords();
  const [isWhole, setWhole] = useState(false);
  const { differences, path, room } = props;
  const shown = isWhole ? differences : differences.slice(0, SHOWN_DIFFERENCES);
  const left = differences.length - shown.length;
  const goTo = (id: string): void => {
    room.model.marksOf(path)?.toggle(id, true);
    void room.reveal(path, id);
  };
  return (
    <ul className="jp-recrate-Session-differences" aria-label={trans.__('Differences')}>
      {shown.map(({ id, number, mark }) => {
        const said = markWords(trans, mark);
        return (
          <li key={id}>
            <Shape of={said?.sign ?? 'different'} />
            <button
              type="button"
              className="jp-recrate-Played-open"
              title={trans.__('Jump to the cell')}
              onClick={() => goTo(id)}
            >
              {trans.__('Code cell %1', number)}
            </button>
            <span className="jp-recrate-quiet">
              {said?.reason ? trans.__('%1: %2', said.word, said.reason) : said?.word}
            </span>
          </li>
        );
      })}
      {left > 0 && (
        <li>
          <Button look="quiet" onClick={() => setWhole(true)}>
            {trans._n('Show %1 more', 'Show %1 more', left)}
          </Button>
        </li>
      )}
    </ul>
  );
}

/** The panel at the right: beside the notebook, which it leaves in sight. */
export class SessionPanelWidget extends RoomWidget {
  constructor(
    recrate: IRecrate,
    trans: Words,
    private readonly _room: ISessionRoom
  ) {
    super(recrate, trans);
  }

  /** Show what the session is of. */
  about(): void {
    this._asked += 1;
    this.update();
  }

  protected override draw(): React.ReactElement {
    return <SessionPanel room={this._room} asked={this._asked} />;
  }

  private _asked = 0;
}
