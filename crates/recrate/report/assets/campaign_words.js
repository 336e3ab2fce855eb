/** The page's words in two languages, its numbers and times, and elements made of text alone. */
const Words = (() => {
  'use strict';
  const table = JSON.parse(document.getElementById('words').textContent);
  const root = document.documentElement;
  const heard = [];
  const made = new Map();
  let language = 'en';

  const has = key => Object.hasOwn(table, key);

  /** The words of `key`, its braces filled; a value is never read as words. */
  const say = (key, values = {}) => {
    const text = table[key][language === 'ja' ? 1 : 0];
    return text.replace(/\{(\w+)\}/g, (whole, name) =>
      Object.hasOwn(values, name) ? String(values[name]) : whole
    );
  };

  const number = (value, digits = 0) => {
    const key = `${language}${digits}`;
    if (!made.has(key)) {
      made.set(key, new Intl.NumberFormat(language, { maximumFractionDigits: digits }));
    }
    return made.get(key).format(value);
  };

  /** A length of time, as fine as its size deserves. */
  const duration = seconds => {
    if (seconds < 59.5) {
      return say('seconds', { count: number(seconds, seconds < 10 ? 1 : 0) });
    }
    const minutes = Math.round(seconds / 60);
    if (seconds < 3600 && minutes < 60) {
      const whole = Math.floor(Math.round(seconds) / 60);
      return say('minutes', { minutes: whole, seconds: Math.round(seconds) % 60 });
    }
    const hours = Math.floor(minutes / 60);
    if (hours < 48) {
      return say('hours', { hours, minutes: minutes % 60 });
    }
    return say('days', { days: number(Math.floor(hours / 24)), hours: hours % 24 });
  };

  /** A moment on the reader's own clock, with its day. */
  const moment = stamp =>
    stamp === null
      ? say('unknown')
      : new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium' }).format(
          stamp
        );

  /** A verdict, or the state of what has none, in words; what a later version wrote, as it is. */
  const mark = name =>
    has(`judgement.${name}`)
      ? say(`judgement.${name}`)
      : has(`state.${name}`)
        ? say(`state.${name}`)
        : name;

  const cause = name => (has(`cause.${name}`) ? say(`cause.${name}`) : name);

  /** `is-not-restored`: the class that gives what it stands on the colour of its mark. */
  const tone = name => `is-${name.replace(/[^a-z]+/gi, '-')}`;

  /** An element with attributes and children; text is text, whatever stands in it. */
  const element = (tag, attributes = {}, ...children) => {
    const one = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value !== null && value !== undefined && value !== false) {
        one.setAttribute(name, value === true ? '' : value);
      }
    }
    one.append(...children.filter(child => child !== null && child !== ''));
    return one;
  };

  /** The sign of a mark: a shape, so that its colour is not needed. */
  const sign = name => {
    const space = 'http://www.w3.org/2000/svg';
    const picture = document.createElementNS(space, 'svg');
    const use = document.createElementNS(space, 'use');
    picture.setAttribute('class', 'sign');
    picture.setAttribute('viewBox', '0 0 16 16');
    picture.setAttribute('aria-hidden', 'true');
    use.setAttribute('href', `#sign-${name.replace(/ /g, '-')}`);
    picture.append(use);
    return picture;
  };

  const speak = chosen => {
    language = chosen;
    root.lang = chosen;
    document.getElementById(`language-${chosen}`).checked = true;
    for (const listener of heard) {
      listener();
    }
  };

  /** Begin in the language of the page, or where it leaves that to the reader, in theirs. */
  const begin = () => {
    for (const input of document.querySelectorAll('[name=language]')) {
      input.addEventListener('change', () => input.checked && speak(input.value));
    }
    const wanted = (navigator.languages || [])
      .map(tag => tag.slice(0, 2))
      .find(tag => tag === 'en' || tag === 'ja');
    speak((root.hasAttribute('data-choose') && wanted) || root.lang);
  };

  return {
    begin,
    cause,
    duration,
    element,
    has,
    mark,
    moment,
    number,
    say,
    sign,
    tone,
    language: () => language,
    onChange: listener => heard.push(listener)
  };
})();
