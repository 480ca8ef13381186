import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as z from 'zod';
import { type Devtools, devtools } from './devtools.ts';

const USUAL = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The browser of this machine: `CHROMIUM`, or where it usually is; undefined where there is none. */
export const chromiumPath = [process.env['CHROMIUM'] ?? '', ...USUAL].find((path) => path !== '' && existsSync(path));

const Evaluated = z.object({
  result: z.looseObject({ value: z.unknown().optional() }),
  exceptionDetails: z.looseObject({ exception: z.looseObject({ description: z.string() }).optional() }).optional(),
});

/** One tab: what it shows, and what a person does there. */
export type Tab = {
  /** Speaks to the tab by the Chrome DevTools Protocol. */
  readonly send: Devtools['send'];
  readonly next: Devtools['next'];
  /** What went wrong on the page, as its console says it: a broken policy, an exception. That a request was refused is no fault of the page. */
  readonly complaints: readonly string[];
  /** Every address that the page asked for. */
  readonly requests: readonly string[];
  /** Loads an address anew, whatever the tab shows. */
  open(url: string): Promise<void>;
  /** The value of an expression in the page, once a promise is settled. */
  value<T = unknown>(expression: string): Promise<T>;
  /** The visible text of the page's main part. */
  text(): Promise<string>;
  /** Presses a key, as somebody does who uses no mouse. */
  press(key: 'Tab' | 'Enter' | 'Escape'): Promise<void>;
  type(text: string): Promise<void>;
  close(): Promise<void>;
};

/** Starts a browser without a window and gives its one tab. */
export async function openTab(path: string): Promise<Tab> {
  const profile = await mkdtemp(join(tmpdir(), 'tradepulse-browser-'));
  const child = spawn(
    path,
    // no sandbox: tests run as root in containers, and open pages of this repository only
    ['--headless=new', '--no-sandbox', '--disable-gpu', '--no-first-run', `--user-data-dir=${profile}`].concat(
      '--remote-debugging-port=0',
      'about:blank',
    ),
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const address = await addressOf(child.stderr);
  const browser = await devtools(address);
  const close = async () => {
    const ended = once(child, 'exit');
    await browser.send('Browser.close').catch(() => undefined);
    await ended;
    browser.close();
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  const { targetId } = z
    .object({ targetId: z.string() })
    .parse(await browser.send('Target.createTarget', { url: 'about:blank' }));
  const page = await browser.attach(targetId);
  return { ...(await tabOf(page)), close };
}

async function addressOf(stderr: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: stderr })) {
    const [, address] = /DevTools listening on (ws:\S+)/.exec(line) ?? [];
    if (address) return address;
  }
  throw new Error('the browser ended before it listened');
}

const Logged = z.object({ entry: z.looseObject({ source: z.string(), text: z.string() }) });
const Asked = z.object({ request: z.looseObject({ url: z.string() }) });

async function tabOf(page: Devtools): Promise<Omit<Tab, 'close'>> {
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on('Log.entryAdded', (event) => {
    const { source, text } = Logged.parse(event).entry;
    if (source !== 'network') complaints.push(text);
  });
  page.on('Runtime.exceptionThrown', (event) => void complaints.push(JSON.stringify(event)));
  page.on('Network.requestWillBeSent', (event) => void requests.push(Asked.parse(event).request.url));
  for (const domain of ['Page', 'Runtime', 'Log', 'Network']) await page.send(`${domain}.enable`);
  const value = async <T>(expression: string): Promise<T> => {
    const evaluated = await page.send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
    const { result, exceptionDetails } = Evaluated.parse(evaluated);
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? JSON.stringify(exceptionDetails));
    return result.value as T;
  };
  return {
    send: page.send,
    next: page.next,
    complaints,
    requests,
    value,
    async open(url) {
      for (const each of ['about:blank', url]) {
        // the same address with another # would load nothing
        const loaded = page.next('Page.loadEventFired');
        await page.send('Page.navigate', { url: each });
        await loaded;
      }
    },
    text: () => value<string>("document.querySelector('main')?.innerText ?? ''"),
    async press(key) {
      const codes = { Tab: 9, Enter: 13, Escape: 27 };
      const common = { key, code: key, windowsVirtualKeyCode: codes[key] };
      await page.send('Input.dispatchKeyEvent', { ...common, type: 'keyDown', ...(key === 'Enter' && { text: '\r' }) });
      await page.send('Input.dispatchKeyEvent', { ...common, type: 'keyUp' });
    },
    type: async (text) => void (await page.send('Input.insertText', { text })),
  };
}
