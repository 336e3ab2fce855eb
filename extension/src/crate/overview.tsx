import React from 'react';

import type { CrateOverview, Person } from '../api';
import { VerdictBadge } from '../ui';
import { longMoment } from '../runs/moments';
import { accessWord, sizeWords, useWords } from '../words';
import { CopyButton } from './copy';
import { followable, shortIdentity, visible } from './model';

/** Who made it, what it is about, and under which terms. */
export function Overview({ crate }: { crate: CrateOverview }): React.ReactElement {
  const trans = useWords();
  const said = crate.description;
  const titles = [said.title_ja, said.title_en].filter(one => one && one !== said.title);
  const texts = [said.description, said.description_ja, said.description_en];
  const related = said.related ?? [];
  const funding = said.funding ?? [];
  return (
    <div className="jp-recrate-Pad jp-recrate-Overview">
      {[...new Set(titles)].map(title => (
        <p key={title} className="jp-recrate-Overview-title">
          {visible(title ?? '')}
        </p>
      ))}
      {[...new Set(texts.filter(Boolean))].map(text => (
        <p key={text} className="jp-recrate-Overview-text">
          {visible(text ?? '')}
        </p>
      ))}
      <dl className="jp-recrate-Facts">
        <Fact name={trans.__('Creators')} of={said.creators ?? []}>
          {person => <Creator person={person} />}
        </Fact>
        <Fact name={trans.__('Licence')} of={said.licence ? [said.licence] : []}>
          {licence => <code>{licence}</code>}
        </Fact>
        <Fact name={trans.__('Access')} of={said.access ? [said.access] : []}>
          {access => (
            <>
              {accessWord(trans, access.level)}
              {access.available && <> ({access.available})</>}
              {access.conditions && <> — {visible(access.conditions)}</>}
            </>
          )}
        </Fact>
        <Fact name={trans.__('Keywords')} of={said.keywords?.length ? [said.keywords] : []}>
          {words => words.map(visible).join(', ')}
        </Fact>
        <Fact name={trans.__('Related')} of={related}>
          {one => <Reference address={one.identifier} text={one.title || one.identifier} />}
        </Fact>
        <Fact name={trans.__('Funding')} of={funding}>
          {one =>
            [one.funder, one.number, one.title]
              .filter(Boolean)
              .map(text => visible(text ?? ''))
              .join(' · ')
          }
        </Fact>
        <Fact name={trans.__('Created')} of={crate.created ? [crate.created] : []}>
          {date => date}
        </Fact>
        <Fact name={trans.__('Size')} of={[crate.size_bytes]}>
          {size => sizeWords(size)}
        </Fact>
        <Fact name={trans.__('Checked by running')} of={[crate.verified]}>
          {verified => (
            <>
              <VerdictBadge verdict={verified?.verdict ?? null} plain />{' '}
              <span className="jp-recrate-quiet">
                {verified
                  ? trans.__(
                      'says the crate itself (%1); replay it to be sure',
                      longMoment(verified.date)
                    )
                  : trans.__('before it was packed')}
              </span>
            </>
          )}
        </Fact>
        <Fact name={trans.__('Identity')} of={[crate.identity]}>
          {identity => <Identity identity={identity} />}
        </Fact>
      </dl>
    </div>
  );
}

function Fact<One>(props: {
  name: string;
  of: readonly One[];
  children: (one: One) => React.ReactNode;
}): React.ReactElement | null {
  if (props.of.length === 0) {
    return null;
  }
  return (
    <>
      <dt>{props.name}</dt>
      <dd>
        {props.of.map((one, at) => (
          <div key={at}>{props.children(one)}</div>
        ))}
      </dd>
    </>
  );
}

function Creator({ person }: { person: Person }): React.ReactElement {
  const name = [person.name, person.name_ja].filter(Boolean).join(' / ');
  return (
    <>
      {person.identifier ? <Reference address={person.identifier} text={name} /> : visible(name)}
      {person.affiliation && (
        <span className="jp-recrate-quiet"> {visible(person.affiliation.name)}</span>
      )}
    </>
  );
}

/** A link that leads outside and nowhere else; what is no address of the web stays text. */
export function Reference(props: { address: string; text: string }): React.ReactElement {
  const href = followable(props.address);
  return href ? (
    <a className="jp-recrate-Link" href={href} target="_blank" rel="noopener noreferrer">
      {visible(props.text)}
    </a>
  ) : (
    <span>{visible(props.text)}</span>
  );
}

function Identity({ identity }: { identity: string }): React.ReactElement {
  const trans = useWords();
  return (
    <span className="jp-recrate-Identity">
      <code title={identity}>{shortIdentity(identity)}…</code>
      <CopyButton quiet text={identity} label={trans.__('Copy the whole identity')} />
    </span>
  );
}
