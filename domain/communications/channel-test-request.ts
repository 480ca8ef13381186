import * as z from 'zod';

/** Which channel of `config/communications.yaml` is tried. */
export const ChannelTestRequest = z.strictObject({ channel: z.string().min(1).max(60) });
export type ChannelTestRequest = z.infer<typeof ChannelTestRequest>;
