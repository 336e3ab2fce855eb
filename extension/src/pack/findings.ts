/** Findings in the order people read them. Pure. */
import type { Finding, Severity } from '../api';

export const SEVERITIES: readonly Severity[] = ['error', 'warning', 'note'];

/** A finding with its place in the scan, by which its fixes are named. */
export interface IListed {
  index: number;
  /** The same for the same finding in the next scan, wherever it stands there. */
  key: string;
  finding: Finding;
}

/** Return the findings of each severity whose words hold all the typed ones, in the scan's order. */
export function bySeverity(
  findings: readonly Finding[],
  typed: string
): Record<Severity, IListed[]> {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const groups: Record<Severity, IListed[]> = { error: [], warning: [], note: [] };
  const seen = new Map<string, number>();
  findings.forEach((finding, index) => {
    const name = nameOf(finding);
    const before = seen.get(name) ?? 0;
    seen.set(name, before + 1);
    const text = [finding.code, finding.where, finding.path, finding.message, finding.hint]
      .join(' ')
      .toLowerCase();
    if (words.every(word => text.includes(word))) {
      groups[finding.severity].push({ index, finding, key: `${name} ${before}` });
    }
  });
  return groups;
}

/** Return the codes of findings of a severity, each once, with how many there are. */
export function codes(findings: readonly Finding[], severity: Severity): Map<string, number> {
  const found = new Map<string, number>();
  for (const one of findings) {
    if (one.severity === severity) {
      found.set(one.code, (found.get(one.code) ?? 0) + 1);
    }
  }
  return found;
}

/** What the form of the description mends. */
const DESCRIBED = ['no-licence', 'invalid-licence', 'no-author', 'invalid-orcid', 'invalid-ror'];

/** Say whether a finding is mended in the form rather than in a file. */
export function isOfDescription(finding: Finding): boolean {
  return DESCRIBED.includes(finding.code);
}

/** Return the findings that are not among those known already. */
export function beyond(findings: readonly Finding[], known: readonly Finding[]): Finding[] {
  const names = new Set(known.map(nameOf));
  return findings.filter(one => !names.has(nameOf(one)));
}

function nameOf(one: Finding): string {
  return [one.code, one.path, one.cell, one.line, one.subject].join('\u0000');
}
