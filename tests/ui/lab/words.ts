import type { APIRequestContext } from '@playwright/test';

/** English as it stands in the code, and the values of %1, %2…, to what the page shows. */
export type Words = (english: string, ...values: string[]) => string;

function filled(text: string, values: readonly string[]): string {
  return values.reduce((said, value, at) => said.replace(`%${at + 1}`, value), text);
}

export const english: Words = (text, ...values) => filled(text, values);

/** The catalogue as the server hands it to the page; what it does not know stays English. */
export async function catalogue(request: APIRequestContext, locale: string): Promise<Words> {
  const answer = await request.get(`/lab/api/translations/${locale}`);
  const { data } = (await answer.json()) as { data: Record<string, Record<string, string[]>> };
  const known = data['recrate'] ?? {};
  return (text, ...values) => filled(known[text]?.[0] ?? text, values);
}
