type Cookies = ReadonlyMap<string, string>;

/** One answer of the login pages: where it redirects to, or the form it shows and why that was not accepted before. */
export type LoginPage = {
  readonly cookies: Cookies;
  readonly location?: URL;
  readonly step?: string | undefined;
  readonly refusal?: string | undefined;
  /** What the page alerts a person to, without markup. */
  readonly text?: string | undefined;
  /** Posts the form. */
  submit(fields: Record<string, string>): Promise<LoginPage>;
};

const TIMEOUT_MS = 10_000;

/** Fetches a page with the cookies so far; redirects are left to the caller, since the last one leads out. */
export async function loginPage(url: URL, cookies: Cookies = new Map(), form?: URLSearchParams): Promise<LoginPage> {
  const response = await fetch(url, {
    method: form ? 'POST' : 'GET',
    headers: { accept: 'text/html', cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
    redirect: 'manual',
    signal: AbortSignal.timeout(TIMEOUT_MS),
    ...(form && { body: form }),
  });
  const html = await response.text();
  const location = response.headers.get('location');
  const now = withCookies(cookies, response.headers.getSetCookie());
  const [, step, refusal] = /data-step="(\w+)" data-refusal="([\w-]*)"/.exec(html) ?? [];
  return {
    cookies: now,
    ...(location !== null && { location: new URL(location, url) }),
    step,
    refusal,
    text: /<p role="alert"[^>]*>([^<]*)</.exec(html)?.[1],
    submit: (fields) => loginPage(url, now, new URLSearchParams(fields)),
  };
}

/** Names are unique over all paths of the provider, so paths need not be kept apart. */
function withCookies(before: Cookies, set: readonly string[]): Cookies {
  const cookies = new Map(before);
  for (const line of set) {
    const [, name, value] = /^([^=;]+)=([^;]*)/.exec(line) ?? [];
    if (name !== undefined && value) cookies.set(name, value);
    else if (name !== undefined) cookies.delete(name);
  }
  return cookies;
}
