import type { Words } from '../words';

/** Return a moment as lists show it: minutes and hours ago, then the day. */
export function shortMoment(trans: Words, moment: string, now = Date.now()): string {
  const then = Date.parse(moment);
  if (Number.isNaN(then)) {
    return moment;
  }
  const minutes = Math.floor((now - then) / 60000);
  if (minutes < 1) {
    return trans.__('just now');
  }
  if (minutes < 60) {
    return trans.__('%1 min ago', minutes);
  }
  const hours = Math.floor(minutes / 60);
  if (hours < 24) {
    return trans.__('%1 h ago', hours);
  }
  return new Date(then).toLocaleDateString(language(), { dateStyle: 'medium' });
}

/** Return a moment in full, in the person's own time zone. */
export function longMoment(moment: string): string {
  const then = Date.parse(moment);
  return Number.isNaN(then)
    ? moment
    : new Date(then).toLocaleString(language(), { dateStyle: 'long', timeStyle: 'medium' });
}

/** Lab writes its language on the page; it may be another one than the browser's. */
function language(): string | undefined {
  return document.documentElement.lang.replace('_', '-') || undefined;
}
