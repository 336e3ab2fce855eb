import React from 'react';

import type { Session } from '../api';
import { shortIdentity, visible } from '../crate/model';
import { doiAddress, webAddress } from '../publish/model';
import { longMoment } from '../runs/moments';
import { Disclosure, Shape } from '../ui';
import { saidWords, useWords, type Words } from '../words';
import { Outside } from './banner';
import { environmentWords, languageWord, wallWords } from './words';

const SHOWN_DIFFERENCES = 50;

/** What the session is of, in full. */
export function About({ session }: { session: Session }): React.ReactElement {
  const trans = useWords();
  return (
    <div className="jp-recrate-Session-about">
      {session.notes.length > 0 && (
        <section aria-label={trans.__('To know')}>
          <h3>{trans.__('To know')}</h3>
          <ul className="jp-recrate-Session-notes">
            {session.notes.map((note, at) => (
              <li key={at}>
                <Shape of="note" /> {visible(saidWords(trans, note))}
              </li>
            ))}
          </ul>
        </section>
      )}
      <dl className="jp-recrate-Session-facts">
        {factsOf(trans, session).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {session.environments
        .filter(({ differences }) => differences.length > 0)
        .map(environment => (
          <Disclosure
            key={environment.language}
            title={trans.__('%1: what is not as locked', languageWord(environment))}
          >
            <ul>
              {environment.differences.slice(0, SHOWN_DIFFERENCES).map((one, at) => (
                <li key={at}>{visible(saidWords(trans, one))}</li>
              ))}
            </ul>
          </Disclosure>
        ))}
      <p className="jp-recrate-quiet">
        {trans.__(
          'This is a working copy: change what you like. It is gone when the session ends; the crate stays as it is.'
        )}
      </p>
    </div>
  );
}

function factsOf(trans: Words, session: Session): [string, React.ReactNode][] {
  const { doi } = session;
  const page = webAddress(session.location);
  const facts: [string, React.ReactNode][] = [
    [trans.__('Crate'), visible(session.title || session.name)]
  ];
  if (session.blind) {
    facts.push([
      trans.__('Creators'),
      trans.__('Packed for blind review: nothing here names a person.')
    ]);
  } else if (session.creators.length > 0) {
    const more = (session.creators_total ?? 0) - session.creators.length;
    const names = session.creators.map(visible).join(trans.__(', '));
    facts.push([
      trans.__('Creators'),
      more > 0 ? trans._n('%2 and %1 more', '%2 and %1 more', more, names) : names
    ]);
  }
  if (doi) {
    facts.push(['DOI', <Outside address={doiAddress(doi)} text={doi} />]);
  }
  facts.push(
    [
      trans.__('From'),
      page ? <Outside address={page} text={session.location} /> : visible(session.location)
    ],
    [trans.__('Licence'), visible(session.licence) || trans.__('none stated')],
    [trans.__('Identity'), <code title={session.crate}>{shortIdentity(session.crate)}</code>],
    [
      trans.__('Environment'),
      session.environments.map(one => environmentWords(trans, one)).join(' · ')
    ],
    [trans.__('Walls'), wallWords(trans, session).text],
    [trans.__('Started'), longMoment(session.started)]
  );
  return facts;
}
