import React, { useRef, useState } from 'react';

import type { PublishPlace } from '../api';
import { Button, Checkbox, Field, ProblemBox, useDeed, useRecrate } from '../ui';
import { useWords } from '../words';
import { Coded } from './coded';
import { Glyph } from './glyphs';
import { webAddress } from './model';
import { placeTitle, tokenHelp } from './words';

/** The token of a place: known, or asked for. What is typed leaves this field for the server only. */
export function Token(props: {
  place: PublishPlace;
  onChanged: () => void;
}): React.ReactElement | null {
  const { place, onChanged } = props;
  const [isChanging, setChanging] = useState(false);
  if (!place.capabilities?.needs_account) {
    return null;
  }
  return place.has_token && !isChanging ? (
    <Known place={place} onChanged={onChanged} onChange={() => setChanging(true)} />
  ) : (
    <Ask
      place={place}
      onGiven={() => {
        setChanging(false);
        onChanged();
      }}
      onLeave={place.has_token ? () => setChanging(false) : null}
    />
  );
}

function Known(props: {
  place: PublishPlace;
  onChanged: () => void;
  onChange: () => void;
}): React.ReactElement {
  const trans = useWords();
  const { api } = useRecrate();
  const { place } = props;
  const [isForgotten, setForgotten] = useState(false);
  const forget = useDeed(async () => {
    await api.forgetToken(place.name);
    setForgotten(true);
    props.onChanged();
  });
  return (
    <div className="jp-recrate-Publish-Token" data-token="known">
      <p className="jp-recrate-Publish-Token-known">
        <Glyph of="token" />
        {trans.__('A token for %1 is known. It is never shown.', placeTitle(trans, place))}
      </p>
      <div className="jp-recrate-Actions">
        <Button onClick={props.onChange}>{trans.__('Give another one')}</Button>
        <Button busy={forget.busy} onClick={() => void forget.run()}>
          {trans.__('Forget the token')}
        </Button>
      </div>
      {isForgotten && !forget.busy && (
        <p className="jp-recrate-quiet" role="status">
          {trans.__(
            'What was given here is forgotten. Another one remains: whoever runs this server has set it, by the configuration or %1.',
            place.token_variable
          )}
        </p>
      )}
      {forget.problem && <ProblemBox problem={forget.problem} onDismiss={forget.clear} />}
    </div>
  );
}

function Ask(props: {
  place: PublishPlace;
  onGiven: () => void;
  onLeave: (() => void) | null;
}): React.ReactElement {
  const trans = useWords();
  const { api } = useRecrate();
  const { place } = props;
  const field = useRef<HTMLInputElement>(null);
  const [isEmpty, setEmpty] = useState(true);
  const [keep, setKeep] = useState(false);
  const give = useDeed(async () => {
    // Never in React's state: it goes from the field to the server.
    await api.giveToken(place.name, field.current?.value.trim() ?? '', keep);
    if (field.current) {
      field.current.value = '';
    }
    props.onGiven();
  });
  const home = webAddress(place.homepage);
  return (
    <form
      className="jp-recrate-Publish-Token"
      data-token="wanted"
      autoComplete="off"
      onSubmit={event => {
        event.preventDefault();
        if (!isEmpty) {
          void give.run();
        }
      }}
    >
      <Field
        label={trans.__('Token for %1', placeTitle(trans, place))}
        required
        hint={
          <>
            <Coded text={tokenHelp(trans, place)} />{' '}
            {home && (
              <a href={home} target="_blank" rel="noopener noreferrer">
                {home}
              </a>
            )}
          </>
        }
      >
        {control => (
          <input
            {...control}
            ref={field}
            className="jp-recrate-Input"
            type="password"
            autoComplete="off"
            spellCheck={false}
            onInput={event => setEmpty(!event.currentTarget.value.trim())}
          />
        )}
      </Field>
      <Checkbox
        label={trans.__('Keep it in the keyring of this machine')}
        hint={trans.__('Otherwise it is forgotten when the Jupyter server ends.')}
        checked={keep}
        onChange={setKeep}
      />
      <div className="jp-recrate-Actions">
        <Button
          look="primary"
          busy={give.busy}
          disabled={isEmpty}
          title={isEmpty ? trans.__('Type the token first.') : undefined}
          onClick={() => void give.run()}
        >
          {trans.__('Use this token')}
        </Button>
        {props.onLeave && (
          <Button look="quiet" onClick={props.onLeave}>
            {trans.__('Keep the one that is known')}
          </Button>
        )}
      </div>
      {give.problem && <ProblemBox problem={give.problem} onDismiss={give.clear} />}
    </form>
  );
}
