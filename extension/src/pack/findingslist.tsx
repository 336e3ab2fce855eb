import React, { useLayoutEffect, useMemo, useRef, useState } from 'react';

import type { Finding, Severity } from '../api';
import { Button, Checkbox, Disclosure, findingWords, SeverityIcon, TextInput } from '../ui';
import { useWords, type Words } from '../words';
import { useSession } from './context';
import { FixBox } from './fix';
import { bySeverity, isOfDescription, SEVERITIES, type IListed } from './findings';
import { areWarningsOpen, count, fingerprint } from './model';
import { contentsPath } from './places';
import { placeWords } from './words';

const SHOWN_AT_FIRST = 10;
const SHOWN_MORE = 50;
const FILTER_FROM = 12;

/** What was found, the heaviest first; each with where it is, what to do, and who can do it. */
export function Findings({ findings }: { findings: readonly Finding[] }): React.ReactElement {
  const trans = useWords();
  const [typed, setTyped] = useState('');
  const groups = useMemo(() => bySeverity(findings, typed), [findings, typed]);
  return (
    <section
      className="jp-recrate-Study-Part"
      aria-label={trans.__('Findings')}
      data-findings
      tabIndex={-1}
    >
      <div className="jp-recrate-Study-Part-head">
        <h2>{trans.__('Findings')}</h2>
        {findings.length >= FILTER_FROM && (
          <TextInput
            className="jp-recrate-Study-Filter"
            label={trans.__('Filter the findings')}
            value={typed}
            onChange={setTyped}
            placeholder={trans.__('Words, codes, paths')}
          />
        )}
      </div>
      {findings.length === 0 && (
        <p className="jp-recrate-quiet">{trans.__('Nothing stands in the way.')}</p>
      )}
      {SEVERITIES.map(
        severity =>
          groups[severity].length > 0 && (
            <Group key={severity} severity={severity} listed={groups[severity]} />
          )
      )}
      <Looked findings={findings} />
    </section>
  );
}

/** Findings that only a later step brought to light; there is nothing to press but "Go there". */
export function MoreFindings(props: {
  title: string;
  findings: readonly Finding[];
}): React.ReactElement | null {
  const { title, findings } = props;
  const [shown, setShown] = useState(SHOWN_AT_FIRST);
  const trans = useWords();
  const rest = findings.length - shown;
  if (!findings.length) {
    return null;
  }
  return (
    <Disclosure title={title} aside={String(findings.length)} initially>
      <ul className="jp-recrate-Study-Findings">
        {findings.slice(0, shown).map((finding, index) => (
          <Card key={index} index={index} finding={{ ...finding, fixes: [] }} />
        ))}
      </ul>
      {rest > 0 && (
        <Button look="quiet" onClick={() => setShown(shown + SHOWN_MORE)}>
          {trans._n('Show %1 more', 'Show %1 more', Math.min(rest, SHOWN_MORE))}
        </Button>
      )}
    </Disclosure>
  );
}

function Group(props: { severity: Severity; listed: readonly IListed[] }): React.ReactElement {
  const trans = useWords();
  const { severity, listed } = props;
  const [shown, setShown] = useState(SHOWN_AT_FIRST);
  const rest = listed.length - shown;
  const title = (
    <span className="jp-recrate-Study-Group-title">
      <SeverityIcon severity={severity} />
      <span aria-hidden="true">{groupTitle(trans, severity, listed.length)}</span>
    </span>
  );
  return (
    <Disclosure title={title} initially={severity !== 'note'}>
      <p className="jp-recrate-quiet">{groupMeaning(trans, severity)}</p>
      <ul className="jp-recrate-Study-Findings">
        {listed.slice(0, shown).map(one => (
          <Card key={one.key} index={one.index} finding={one.finding} />
        ))}
      </ul>
      {rest > 0 && (
        <Button look="quiet" onClick={() => setShown(shown + SHOWN_MORE)}>
          {trans._n('Show %1 more', 'Show %1 more', Math.min(rest, SHOWN_MORE))}
        </Button>
      )}
    </Disclosure>
  );
}

function Card({ index, finding }: Omit<IListed, 'key'>): React.ReactElement {
  const trans = useWords();
  const session = useSession();
  const [isFixing, setFixing] = useState(false);
  const card = useRef<HTMLLIElement>(null);
  useFocusKept(card);
  const wasFixing = useRef(false);
  useLayoutEffect(() => {
    if (wasFixing.current && !isFixing) {
      card.current?.querySelector<HTMLElement>('button[aria-expanded]')?.focus();
    }
    wasFixing.current = isFixing;
  }, [isFixing]);
  const { title, message, hint } = findingWords(trans, finding);
  const { path } = finding;
  const fixes = finding.fixes ?? [];
  return (
    <li
      ref={card}
      className="jp-recrate-Study-Finding"
      data-code={finding.code}
      data-severity={finding.severity}
    >
      <div className="jp-recrate-Study-Finding-main">
        <SeverityIcon severity={finding.severity} />
        <div className="jp-recrate-Study-Finding-text">
          {title && <h3>{title}</h3>}
          <p>{message}</p>
          {hint && <p className="jp-recrate-quiet">{hint}</p>}
          <p className="jp-recrate-Study-Finding-place">{placeWords(trans, finding)}</p>
        </div>
        <div className="jp-recrate-Actions">
          {path && (
            <Button
              onClick={() =>
                void session.lab.goTo(contentsPath(session.path, path), finding.cell, finding.line)
              }
              title={trans.__('Open %1 at this place', path)}
            >
              {trans.__('Go there')}
            </Button>
          )}
          {isOfDescription(finding) && (
            <Button onClick={() => void session.go('describe')}>{trans.__('Describe')}</Button>
          )}
          {fixes.length > 0 && (
            <Button
              look={isFixing ? 'plain' : 'primary'}
              expanded={isFixing}
              onClick={() => setFixing(!isFixing)}
            >
              {trans.__('Fix…')}
            </Button>
          )}
        </div>
      </div>
      {isFixing && fixes.length > 0 && (
        <FixBox index={index} finding={finding} fixes={fixes} onClose={() => setFixing(false)} />
      )}
    </li>
  );
}

/** A finding that was mended goes with the focus in it: hand that to the list. */
function useFocusKept(card: React.RefObject<HTMLElement>): void {
  useLayoutEffect(() => {
    const box = card.current;
    return () => {
      if (box?.contains(document.activeElement)) {
        box.closest<HTMLElement>('[data-findings]')?.focus({ preventScroll: true });
      }
    };
  }, [card]);
}

/** Warnings ask once: after this they do not stand in the way, until there are others. */
function Looked({ findings }: { findings: readonly Finding[] }): React.ReactElement | null {
  const trans = useWords();
  const session = useSession();
  const warnings = count(findings, 'warning');
  if (!warnings) {
    return null;
  }
  return (
    <div className="jp-recrate-Study-Looked">
      <Checkbox
        label={trans._n(
          'I have looked at this warning.',
          'I have looked at these %1 warnings.',
          warnings
        )}
        hint={trans.__(
          'Publishing asks for this once. It is asked again when other warnings appear.'
        )}
        checked={!areWarningsOpen(findings, session.state.looked)}
        onChange={checked =>
          session.do({ type: 'look', fingerprint: checked ? fingerprint(findings) : null })
        }
      />
    </div>
  );
}

function groupTitle(trans: Words, severity: Severity, number: number): string {
  switch (severity) {
    case 'error':
      return trans._n('%1 error', '%1 errors', number);
    case 'warning':
      return trans._n('%1 warning', '%1 warnings', number);
    case 'note':
      return trans._n('%1 note', '%1 notes', number);
  }
}

function groupMeaning(trans: Words, severity: Severity): string {
  switch (severity) {
    case 'error':
      return trans.__(
        'As it lies, the study cannot run again, or must not be published. Packing is possible all the same.'
      );
    case 'warning':
      return trans.__('It may not run again, or not give the same: somebody should look.');
    case 'note':
      return trans.__('Worth knowing.');
  }
}
