import type { StatusEvent } from './execution/status-event.ts';

/** What the worker is given when it starts. */
export interface WorkerOptions {
  readonly dataPath: string;
  readonly region: string;
  readonly accessKeyId: string | undefined;
  readonly port: number;
}

/** From the host's thread to the engine's. */
export type ToWorker =
  | { readonly kind: 'endpoints'; readonly lambda: string; readonly eventBridge: string }
  | { readonly kind: 'put'; readonly id: number; readonly name: string; readonly definition: string }
  | { readonly kind: 'delivered'; readonly id: number; readonly problem: string | undefined }
  | { readonly kind: 'stop' };

/** From the engine's thread to the host's. */
export type FromWorker =
  | { readonly kind: 'listening'; readonly url: string }
  | { readonly kind: 'put'; readonly id: number; readonly arn: string; readonly problem: string | undefined }
  | { readonly kind: 'status'; readonly id: number; readonly event: StatusEvent }
  | { readonly kind: 'fault'; readonly problem: string };
