import type { Plugin } from 'esbuild';
import { apiDocuments } from '../api/api-documents.ts';

/** Writes the API's description into the bundle that serves it, finished, in place of `api/api-documents.ts`, which makes it out of schemas. */
export const documentsInBundle: Plugin = {
  name: 'documents-in-bundle',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]api[\\/]api-documents\.ts$/ }, async () => ({
      contents: `const documents = ${JSON.stringify(await apiDocuments())};\nexport const apiDocuments = async () => documents;`,
      loader: 'js',
    }));
  },
};
