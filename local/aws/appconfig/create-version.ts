import { AwsError } from '../aws-error.ts';
import { whole } from './paged.ts';
import type { Profile } from './resources.ts';
import type { Store } from './store.ts';
import { validateContent } from './validate-content.ts';
import type { Version } from './version-table.ts';

const largestContent = 2 * 1024 * 1024;

/** CreateHostedConfigurationVersion. `Latest-Version-Number` is the optimistic lock: of racing writers who saw the same version one wins, the others get 409. */
export function createVersion(
  { versions, transaction }: Store,
  profile: Profile,
  content: Uint8Array<ArrayBuffer>,
  headers: Headers,
): Version {
  const { id, applicationId } = profile;
  const type = headers.get('content-type');
  const label = headers.get('versionlabel');
  if (!type) throw new AwsError('BadRequestException', 'Content-Type is missing');
  if (label !== null && !/^(?=.*\D).{1,64}$/.test(label)) {
    throw new AwsError(
      'BadRequestException',
      `VersionLabel "${label}" must have 1 to 64 characters, one of them no digit`,
    );
  }
  if (content.length > largestContent) {
    throw new AwsError('PayloadTooLargeException', `A hosted version has at most ${largestContent} bytes`, 413, {
      Measure: 'KILOBYTES',
      Limit: largestContent / 1024,
      Size: content.length / 1024,
    });
  }
  validateContent(profile, content);
  return transaction(() => {
    const latest = versions.latest(applicationId, id);
    checkLock(headers.get('latest-version-number'), latest, profile);
    const number = latest + 1;
    const version = {
      application: applicationId,
      profile: id,
      number,
      content,
      type,
      description: headers.get('description'),
      label,
    };
    versions.add(version);
    return version;
  });
}

function checkLock(given: string | null, latest: number, { id }: Profile) {
  if (given === null) return;
  if (whole(given, 'Latest-Version-Number', 0, Number.MAX_SAFE_INTEGER) === latest) return;
  throw new AwsError(
    'ConflictException',
    `The latest version of profile ${id} is ${latest}, not ${given}: read it again`,
    409,
  );
}
