import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The file of the native DynamoDB server for this platform, from the optional package npm installed, or an error that names both ways out. */
export function dynamoDbBinary(platform: string = process.platform, arch: string = process.arch): string {
  const name = `@dynoxide/${platform}-${arch}`;
  try {
    const folder = dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
    return join(folder, platform === 'win32' ? 'dynoxide.exe' : 'dynoxide');
  } catch (cause) {
    throw new Error(
      `No local DynamoDB: the package ${name} is not installed. Either run "npm install" (without --omit=optional), which ` +
        'fetches it where a build for this platform exists, or start any DynamoDB-compatible server yourself and set ' +
        'TRADEPULSE_DYNAMODB_ENDPOINT to its URL, e.g. http://127.0.0.1:8000',
      { cause },
    );
  }
}
