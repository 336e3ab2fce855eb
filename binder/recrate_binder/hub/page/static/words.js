/** What the page says, in the person's language: sentences, numbers, times, sizes. */

const root = document.documentElement;

/** @type {'en' | 'ja'} */
export const language = root.lang === 'ja' ? 'ja' : 'en';

/** @type {Record<string, string>} */
const words = JSON.parse(document.getElementById('words')?.textContent || '{}');

/**
 * An English sentence in the person's language; `%1`, `%2`… are the values.
 *
 * @param {string} english
 * @param {...(string | number)} values
 */
export function say(english, ...values) {
  const told = words[english] ?? english;
  return told.replace(/%(\d)/g, (mark, place) => String(values[Number(place) - 1] ?? mark));
}

/** What the service said: in the person's language when it is a sentence that is known here, also
 * with other numbers and names in it, also after the place that it is about (`numpy: …`).
 *
 * @param {string} text
 * @returns {string}
 */
export function sayTold(text) {
  if (language === 'en' || !text) {
    return text;
  }
  const told = words[text] ?? filled(text);
  if (told !== undefined) {
    return told;
  }
  for (let at = text.indexOf(': '); at > 0; at = text.indexOf(': ', at + 2)) {
    const rest = text.slice(at + 2);
    const known = words[rest] ?? filled(rest);
    if (known !== undefined) {
      return `${text.slice(0, at)}：${known}`;
    }
  }
  return text;
}

/** @type {[RegExp, string][]} */
const PATTERNS = Object.keys(words)
  .filter(english => /%\d/.test(english) && english.replace(/%\d/g, '').length >= 12)
  .map(english => {
    const literal = english.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    return [new RegExp(`^${literal.replace(/%\d/g, '(.+?)')}$`), english];
  });

/** @param {string} text */
function filled(text) {
  for (const [pattern, english] of PATTERNS) {
    const found = pattern.exec(text);
    if (found) {
      return say(english, ...found.slice(1));
    }
  }
  return undefined;
}

/** As a sentence stands on a page: messages of programs begin small and end without a stop.
 *
 * @param {string} text
 */
export function sentence(text) {
  const begun =
    /^(a|agree|all|an|ask|copy|for|it|look|name|no|please|stop|tell|the|this|try|write|you)\b/.test(
      text
    )
      ? text.charAt(0).toUpperCase() + text.slice(1)
      : text;
  return /[.!?。…)]$/.test(begun) ? begun : begun + (/[\u3040-\u9fff]/.test(begun) ? '。' : '.');
}

/** Whether a sentence is in the person's language here, as all of this page's own are.
 *
 * @param {string} text
 */
export function isKnown(text) {
  return language === 'en' || sayTold(text) !== text || /[\u3040-\u30ff\u4e00-\u9fff]/.test(text);
}

/** @param {number | string | undefined} value */
export function number(value) {
  return Number(value).toLocaleString(language);
}

/** @param {number} value @param {string} unit */
function measured(value, unit) {
  const digits = value < 10 && !Number.isInteger(value) ? 1 : 0;
  const style = { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: digits };
  return new Intl.NumberFormat(language, /** @type {Intl.NumberFormatOptions} */ (style)).format(
    value
  );
}

/** A size: `2.4 MB`, in powers of ten as file managers and repositories have it.
 *
 * @param {number} bytes
 */
export function size(bytes) {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];
  const power = Math.min(4, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  return measured(bytes / 1000 ** power, units[power] ?? 'byte');
}

/** A clock that runs: `8 s`, `1 min 12 s`.
 *
 * @param {number} seconds
 */
export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const rest = measured(whole % 60, 'second');
  return whole < 60 ? rest : `${measured(Math.floor(whole / 60), 'minute')} ${rest}`;
}

/** A time that somebody has to wait, as people say it: `about 40 seconds`.
 *
 * @param {number} seconds
 */
export function about(seconds) {
  if (seconds <= 7) {
    return say('a few seconds');
  }
  if (seconds <= 90) {
    const step = seconds < 20 ? 5 : 10;
    return say('about %1 seconds', Math.round(seconds / step) * step);
  }
  const minutes = Math.round(seconds / 60);
  return minutes < 90
    ? say('about %1 minutes', Math.max(2, minutes))
    : say('about %1 hours', Math.round(minutes / 60));
}

/** A day: `3 March 2026`; what is no date is shown as it is.
 *
 * @param {string} iso
 */
export function day(iso) {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) {
    return iso;
  }
  const form = { dateStyle: 'long', ...(iso.length <= 10 ? { timeZone: 'UTC' } : {}) };
  return new Intl.DateTimeFormat(
    language === 'en' ? 'en-GB' : language,
    /** @type {Intl.DateTimeFormatOptions} */ (form)
  ).format(date);
}

/** How long ago: `5 minutes ago`.
 *
 * @param {number} seconds
 */
export function ago(seconds) {
  /** @type {[Intl.RelativeTimeFormatUnit, number][]} */
  const units = [
    ['day', 86_400],
    ['hour', 3600],
    ['minute', 60]
  ];
  const [unit, long] = units.find(([, length]) => seconds >= length) ?? ['minute', 0];
  const form = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  return long ? form.format(-Math.floor(seconds / long), unit) : say('just now');
}
