import type { AwsError } from './aws-error.ts';

/** The error as the JSON protocols write it. Some services spell the sentence `message`, some `Message`; clients read both. */
export function jsonError({ name, message, status, members }: AwsError): Response {
  return Response.json(
    { __type: name, message, Message: message, ...members },
    { status, headers: { 'x-amzn-errortype': name } },
  );
}
