import React from 'react';

import type { PublishPlace } from '../api';
import { classes, useIds } from '../ui';
import { saidWords, sizeWords, useWords } from '../words';
import { usePublishing } from './context';
import { Glyph } from './glyphs';
import { gifts, needsToken } from './model';
import { giftWord, placeTitle } from './words';

/** The places that this installation knows, as cards of which one is chosen. */
export function Places({ places }: { places: readonly PublishPlace[] }): React.ReactElement {
  const trans = useWords();
  return (
    <fieldset className="jp-recrate-Publish-Places">
      <legend>{trans.__('Where it is published')}</legend>
      <div>
        {places.map(place => (
          <Card key={place.name} place={place} />
        ))}
      </div>
    </fieldset>
  );
}

function Card({ place }: { place: PublishPlace }): React.ReactElement {
  const trans = useWords();
  const ids = useIds();
  const { session } = usePublishing();
  const isChosen = session.state.place === place.name;
  const limit = place.capabilities?.crate_limit_bytes;
  return (
    <label
      className={classes(
        'jp-recrate-Publish-Card',
        isChosen && 'jp-mod-current',
        !place.available && 'jp-mod-off'
      )}
      data-place={place.name}
    >
      <input
        type="radio"
        name={`recrate-place-${session.key}`}
        checked={isChosen}
        disabled={!place.available || session.work.isBusy}
        aria-labelledby={ids.label}
        aria-describedby={ids.hint}
        onChange={() => session.do({ type: 'choose', place: place.name })}
      />
      <span id={ids.label} className="jp-recrate-Publish-Card-title">
        {placeTitle(trans, place)}
      </span>
      <span id={ids.hint} className="jp-recrate-Publish-Card-more">
        <span className="jp-recrate-Publish-Gifts">
          {gifts(place).map(gift => (
            <span key={gift}>
              <Glyph of={gift} />
              {giftWord(trans, gift)}
            </span>
          ))}
          {limit ? (
            <span>
              <Glyph of="limit" />
              {trans.__('Up to %1', sizeWords(limit))}
            </span>
          ) : null}
        </span>
        {place.available ? (
          <Account place={place} />
        ) : (
          <span className="jp-recrate-Publish-Why">{saidWords(trans, place.reason)}</span>
        )}
      </span>
    </label>
  );
}

function Account({ place }: { place: PublishPlace }): React.ReactElement {
  const trans = useWords();
  const [glyph, word] = !place.capabilities?.needs_account
    ? (['open', trans.__('Needs no account')] as const)
    : needsToken(place)
      ? (['no-token', trans.__('Needs a token')] as const)
      : (['token', trans.__('Token known')] as const);
  return (
    <span className="jp-recrate-Publish-Account">
      <Glyph of={glyph} />
      {word}
    </span>
  );
}
