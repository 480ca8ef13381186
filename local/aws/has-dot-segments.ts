/**
 * Whether a raw request target (`incoming.url`) holds `.` or `..` segments, plain or encoded. URL parsing removes them silently, so
 * that `PUT /bucket/a/../b` would write `b`: the edge has to ask before it makes a Request.
 */
export function hasDotSegments(target: string): boolean {
  const [path = ''] = target.split('?');
  return path.split(/[/\\]/).some((segment) => /^(\.|%2e){1,2}$/i.test(segment));
}
