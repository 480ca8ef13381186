import { docsPage } from './docs-page.ts';
import { openApi } from './open-api.ts';

/** The description of the API, for programs and for people. The bundle holds it finished: nothing in it depends on where it runs. */
export const apiDocuments = async (): Promise<{ openApi: unknown; page: string }> => ({
  openApi: openApi(),
  page: String(await docsPage()),
});
