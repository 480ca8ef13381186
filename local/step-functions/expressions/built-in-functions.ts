const JSONATA = `sum count max min average string substring substringBefore substringAfter lowercase uppercase length trim
  pad match contains replace split join formatNumber formatBase formatInteger parseInteger number floor ceil round abs
  sqrt power random boolean not map zip filter single reduce sift keys lookup append exists spread merge reverse each
  error assert type sort shuffle distinct base64encode base64decode encodeUrlComponent encodeUrl decodeUrlComponent
  decodeUrl toMillis fromMillis clone now millis`;
const ADDED_BY_AWS = 'partition range hash random uuid parse';

/** Functions an expression may call: those of JSONata 2.0.6 without `$eval`, and the six that Step Functions adds. */
export const BUILT_IN_FUNCTIONS: ReadonlySet<string> = new Set(`${JSONATA} ${ADDED_BY_AWS}`.split(/\s+/));
