import * as z from 'zod';
import type { Stack } from './open-stack.ts';

const GlobalTable = z.object({
  AttributeDefinitions: z.array(z.unknown()),
  KeySchema: z.array(z.unknown()),
  GlobalSecondaryIndexes: z.array(z.unknown()).optional(),
  BillingMode: z.string().optional(),
});

/** The properties that CreateTable needs, with the names that `Ref` gives. */
export const tables = (stack: Stack): readonly unknown[] =>
  stack
    .list('AWS::DynamoDB::GlobalTable', GlobalTable)
    .map(({ ref, properties }) => ({ TableName: ref, ...properties }));

const anything = z.object({});
const refs = (stack: Stack, type: string) => stack.list(type, anything).map(({ ref }) => ref);

export const buckets = (stack: Stack): string[] => refs(stack, 'AWS::S3::Bucket');
export const eventBuses = (stack: Stack): string[] => refs(stack, 'AWS::Events::EventBus');
export const secrets = (stack: Stack): string[] => refs(stack, 'AWS::SecretsManager::Secret');

/** Ids of the keys that sign. Keys that encrypt have nothing to do on one machine. */
export const signingKeys = (stack: Stack): string[] =>
  stack
    .list('AWS::KMS::Key', z.object({ KeyUsage: z.string().default('ENCRYPT_DECRYPT') }))
    .filter(({ properties: { KeyUsage } }) => KeyUsage === 'SIGN_VERIFY')
    .map(({ ref }) => ref);

const Client = z.object({
  ClientName: z.string().optional(),
  AllowedOAuthFlows: z.array(z.enum(['code', 'client_credentials'])),
  AllowedOAuthScopes: z.array(z.string()),
  CallbackURLs: z.array(z.string()).default([]),
  GenerateSecret: z.boolean().default(false),
});

/** An OAuth client of the user pool: people sign in with the code flow, engines with client credentials. */
export type OAuthClient = {
  readonly clientId: string;
  readonly flow: 'code' | 'client_credentials';
  readonly scopes: readonly string[];
  readonly redirectUris: readonly string[];
  readonly secret: boolean;
};

export const oauthClients = (stack: Stack): OAuthClient[] =>
  stack.list('AWS::Cognito::UserPoolClient', Client).map(({ ref, properties }) => ({
    clientId: ref,
    flow: properties.AllowedOAuthFlows.includes('code') ? 'code' : 'client_credentials',
    scopes: properties.AllowedOAuthScopes,
    redirectUris: properties.CallbackURLs,
    secret: properties.GenerateSecret,
  }));
