/** What was held at the kill, in the run's folder of the evidence bucket. */
export const EXPOSURE_FILE = 'exposure.json';
