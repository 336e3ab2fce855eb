/** Short prints of what a cell gave, to tell one run's outputs from another's. Pure. */

type Output = Readonly<Record<string, unknown>>;

/** Return a short text that two equal values share; for telling apart, not for security. */
export function printOf(value: unknown): string {
  const text = JSON.stringify(value, inOrder) ?? '';
  let one = 0x811c9dc5;
  let other = 0x1b873593;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    one = Math.imul(one ^ code, 0x01000193);
    other = Math.imul(other ^ code, 0x85ebca6b);
  }
  return `${text.length}-${(one >>> 0).toString(36)}-${(other >>> 0).toString(36)}`;
}

/** Return a print of each output, blind to what changes at every run without meaning: its number. */
export function printsOf(outputs: readonly Output[]): string[] {
  return outputs.map(({ execution_count: _, metadata: __, ...rest }) => printOf(rest));
}

/** Objects are written with their keys in order, so that equal ones are written alike. */
function inOrder(_: string, value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    return value;
  }
  const named = value as Record<string, unknown>;
  return Object.fromEntries(
    Object.keys(named)
      .sort()
      .map(key => [key, named[key]])
  );
}
