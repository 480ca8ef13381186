/** The certificate in the run's folder of the evidence bucket, as JSON and for people. */
export const CERTIFICATE_FILE = 'kill-certificate.json';
export const CERTIFICATE_PAGE = 'kill-certificate.md';
