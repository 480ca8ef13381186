import type { AwsError } from './aws-error.ts';
import { xml } from './xml.ts';

/** The error as S3 writes it. */
export function xmlError({ name, message, status, members }: AwsError): Response {
  const body = xml('Error', { Code: name, Message: message, ...members });
  return new Response(body, { status, headers: { 'content-type': 'application/xml' } });
}
