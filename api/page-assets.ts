/** The program and the style of the signing page. The bundle puts them here (scripts/page-in-bundle.ts), made from `page/`; without it the page is empty. */
export const pageAssets: { readonly script: string; readonly style: string } = { script: '', style: '' };
