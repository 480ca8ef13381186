import * as z from 'zod';

/** What the stack tells a function, parsed once. What a function is not told stays empty, and using it is a fault that names the variable. */
const Environment = z.object({
  CONTROL_TABLE: z.string().min(1),
  LEDGER_TABLE: z.string().min(1),
  EVIDENCE_BUCKET: z.string().default(''),
  EVENT_BUS_NAME: z.string().default(''),
  CHECKPOINT_KEY_IDS: z.string().default(''),
  LEDGER_NAME: z.string().default(''),
  COMMAND_KEY_ID: z.string().default(''),
  GOVERNANCE_KEY_ID: z.string().default(''),
  KILL_KEY_SECRET: z.string().default(''),
  VENUE_CREDENTIALS_SECRET: z.string().default(''),
  TOKEN_ISSUER: z.string().default(''),
  OPERATOR_CLIENT_ID: z.string().default(''),
  TRUSTED_MANIFEST_KEYS: z.string().default(''),
  GITHUB_API_URL: z.string().default('https://api.github.com'),
  GITHUB_TOKEN_SECRET: z.string().default(''),
  CHANNEL_SECRETS: z.string().default(''),
  MESSAGE_HOSTS: z.string().default(''),
  MAIL_FROM: z.string().default(''),
  RP_ID: z.string().default(''),
  SIGNING_ORIGIN: z.string().default(''),
  /** `accepted` is said by the host of one machine alone; no template says it. */
  DEMO_AUTHENTICATORS: z.enum(['refused', 'accepted']).default('refused'),
  PLAN_FUNCTION: z.string().default(''),
  LAUNCH_MACHINE_ARN: z.string().default(''),
  STOP_MACHINE_ARN: z.string().default(''),
  KILL_MACHINE_ARN: z.string().default(''),
  RECOVER_MACHINE_ARN: z.string().default(''),
  RESUME_MACHINE_ARN: z.string().default(''),
  VALIDATE_MACHINE_ARN: z.string().default(''),
  REVIEW_MACHINE_ARN: z.string().default(''),
  SAFE_MODE_MACHINE_ARN: z.string().default(''),
  VENUE_INSTABILITY_MACHINE_ARN: z.string().default(''),
});

export const environment = Environment.parse(process.env);
