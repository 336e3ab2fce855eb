import { caretDownIcon, caretUpIcon, infoIcon } from '@jupyterlab/ui-components';
import { MessageLoop } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import React, { useEffect, useRef } from 'react';

import { visible } from '../crate/model';
import { compareIcon, verdictIcon } from '../icons';
import { CommandIDs } from '../names';
import { doiAddress, webAddress } from '../publish/model';
import { useRemembered } from '../state';
import type { IRecrate } from '../tokens';
import { Button, classes, RoomWidget, Shape, useSignal, VerdictBadge } from '../ui';
import { saidWords, useWords, type Words } from '../words';
import type { ISessionRoom } from './context';
import { dayWords, environmentWords, wallWords } from './words';

/** In a window this low the banner begins folded. */
const LOW_PIXELS = 520;

/** What this JupyterLab was opened in, and what can be done with it; it can be folded. */
export function Banner(props: {
  room: ISessionRoom;
  onHeight: (pixels: number) => void;
}): React.ReactElement {
  const trans = useWords();
  const { room } = props;
  const { session } = room.model;
  const isLow = window.innerHeight < LOW_PIXELS;
  const [folded, fold] = useRemembered('session:folded', isLow);
  const box = useHeight(props.onHeight);
  return (
    <section
      ref={box}
      className={classes('jp-recrate-Banner', folded && 'jp-mod-folded')}
      aria-label={trans.__('The crate of this session')}
    >
      <div className="jp-recrate-Banner-head">
        <h2 className="jp-recrate-oneline" title={visible(session.title)}>
          {visible(session.title || session.name)}
        </h2>
        <Deeds room={room} />
        <Button
          look="quiet"
          icon={folded ? caretDownIcon : caretUpIcon}
          label={folded ? trans.__('Show the banner') : trans.__('Fold the banner')}
          expanded={!folded}
          onClick={() => fold(!folded)}
        />
      </div>
      {!folded && <Facts room={room} />}
      <Spoken room={room} />
    </section>
  );
}

function Deeds({ room }: { room: ISessionRoom }): React.ReactElement {
  const trans = useWords();
  const { lab, runner } = room;
  useSignal(runner.changed);
  const { running } = runner;
  return (
    <div className="jp-recrate-Actions">
      {running ? (
        <Button
          busy={running.isStopping}
          onClick={() => lab.run(CommandIDs.stopCompare, {})}
          title={trans.__('Interrupt the cell that runs; what has run stays')}
        >
          {trans.__('Stop')}
        </Button>
      ) : (
        <Button
          look="primary"
          icon={compareIcon}
          title={[
            trans.__(
              'Run the notebook in front from its top in a fresh kernel, and compare every output'
            ),
            room.keys && `(${room.keys})`
          ].join(' ')}
          onClick={() => lab.run(CommandIDs.runCompare, {})}
        >
          {trans.__('Run all & compare')}
        </Button>
      )}
      <Button icon={verdictIcon} onClick={() => lab.run(CommandIDs.giveVerdict, {})}>
        {trans.__('Give a verdict…')}
      </Button>
      <Button
        look="quiet"
        icon={infoIcon}
        onClick={() => lab.run(CommandIDs.showSession, { about: 'yes' })}
      >
        {trans.__('About this session')}
      </Button>
    </div>
  );
}

function Facts({ room }: { room: ISessionRoom }): React.ReactElement {
  const trans = useWords();
  const { session } = room.model;
  const { doi, last_verdict: last } = session;
  const walls = wallWords(trans, session);
  return (
    <ul className="jp-recrate-Banner-facts" aria-label={trans.__('About this session')}>
      {session.blind && (
        <li>
          <Shape of="waived" />
          <strong>{trans.__('Packed for blind review')}</strong>
        </li>
      )}
      {doi && (
        <li>
          <span className="jp-recrate-quiet">DOI</span>{' '}
          <Outside address={doiAddress(doi)} text={doi} />
        </li>
      )}
      <li>
        <span className="jp-recrate-quiet">{trans.__('Licence')}</span>{' '}
        {visible(session.licence) || trans.__('none stated')}
      </li>
      <li>{last ? <Last last={last} /> : <VerdictBadge verdict={null} plain />}</li>
      {session.environments.map(environment => (
        <li key={environment.language}>
          {!environment.restored && <Shape of="warning" />}
          {environmentWords(trans, environment)}
        </li>
      ))}
      <li>
        {walls.isOpen && <Shape of="warning" />}
        {walls.text}
      </li>
      {session.notes.length > 0 && <li>{notesWords(trans, room)}</li>}
    </ul>
  );
}

function notesWords(trans: Words, room: ISessionRoom): React.ReactElement {
  const count = room.model.session.notes.length;
  return (
    <Button
      look="quiet"
      className="jp-recrate-Banner-notes"
      onClick={() => room.lab.run(CommandIDs.showSession, { about: 'yes' })}
    >
      {trans._n('%1 thing to know', '%1 things to know', count)}
    </Button>
  );
}

type LastVerdict = NonNullable<ISessionRoom['model']['session']['last_verdict']>;

/** What the latest replay of the crate said, with its coverage and its day. */
function Last({ last }: { last: LastVerdict }): React.ReactElement {
  const trans = useWords();
  const address = webAddress(last.url);
  const day = dayWords(last.date);
  const sentence = coverageSentence(trans, last.sentence);
  return (
    <>
      <span className="jp-recrate-quiet">{trans.__('Last verdict')}</span>{' '}
      <VerdictBadge verdict={last.verdict} plain /> {[sentence, day].filter(Boolean).join(' · ')}{' '}
      {address && <Outside address={address} text={trans.__('its record')} />}
    </>
  );
}

/** "19 of 21 outputs compared" in the person's language; other sentences as the catalogue has them. */
function coverageSentence(trans: Words, sentence: string): string {
  const found = /^(\d+) of (\d+) outputs? compared$/.exec(sentence);
  return found
    ? trans._n(
        '%2 of %1 output compared',
        '%2 of %1 outputs compared',
        Number(found[2]),
        Number(found[1])
      )
    : visible(saidWords(trans, sentence));
}

/** A link that opens beside JupyterLab. */
export function Outside(props: { address: string; text: string }): React.ReactElement {
  return (
    <a href={props.address} target="_blank" rel="noopener noreferrer">
      {visible(props.text)}
    </a>
  );
}

/** What changed, for ears. */
function Spoken({ room }: { room: ISessionRoom }): React.ReactElement {
  useSignal(room.announcer.changed);
  return (
    <div className="jp-recrate-hidden" role="status" data-said="session">
      {room.announcer.text}
    </div>
  );
}

/** Tell the height of the element whenever it changes. */
function useHeight(onHeight: (pixels: number) => void): React.RefObject<HTMLElement> {
  const box = useRef<HTMLElement>(null);
  useEffect(() => {
    const node = box.current;
    if (!node || typeof ResizeObserver === 'undefined') {
      return;
    }
    const watch = new ResizeObserver(() => onHeight(node.offsetHeight));
    watch.observe(node);
    return () => watch.disconnect();
  }, [onHeight]);
  return box;
}

/** The banner at the top of the page; Lab's own layout gives it the height that it takes. */
export class BannerWidget extends RoomWidget {
  constructor(
    recrate: IRecrate,
    trans: Words,
    private readonly _room: ISessionRoom
  ) {
    super(recrate, trans);
    this.id = 'recrate-session-banner';
    this.addClass('jp-recrate-BannerRoom');
  }

  protected override draw(): React.ReactElement {
    return <Banner room={this._room} onHeight={this._take} />;
  }

  private readonly _take = (pixels: number): void => {
    // A box layout asks its children for the least that they need, by their style.
    this.node.style.minHeight = `${pixels}px`;
    if (this.parent) {
      MessageLoop.postMessage(this.parent, Widget.Msg.FitRequest);
    }
  };
}
