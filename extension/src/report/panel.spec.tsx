import { themed } from './panel';

it('a report in Lab wears the theme of Lab, whatever the browser prefers', () => {
  const page = '<!doctype html>\n<html lang="ja" data-choose><body>a <html> in text</body></html>';
  expect(themed(page, false)).toContain('<html data-theme="dark" lang="ja" data-choose>');
  expect(themed(page, true).match(/data-theme/g)).toHaveLength(1);
});
