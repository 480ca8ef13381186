/**
 * AWS list prices in US dollars, us-east-1, first tier, without any free tier, as known on 2026-11-26 and not read off the pricing
 * pages named beside them that day. They change rarely and without notice: look there before you quote a figure.
 */
export const LIST_PRICES = {
  /** https://aws.amazon.com/api-gateway/pricing/ (REST API). */
  restRequest: 3.5 / 1e6,
  /** The same page (HTTP API). */
  httpRequest: 1 / 1e6,
  /** https://aws.amazon.com/waf/pricing/ */
  firewallRequest: 0.6 / 1e6,
  /** https://aws.amazon.com/lambda/pricing/ */
  lambdaRequest: 0.2 / 1e6,
  lambdaGigabyteSecond: { arm64: 0.0000133334, x86_64: 0.0000166667 },
  /** https://aws.amazon.com/dynamodb/pricing/on-demand/ */
  writeUnit: 0.625 / 1e6,
  readUnit: 0.125 / 1e6,
  /** https://aws.amazon.com/cloudwatch/pricing/ (log ingestion, per gigabyte). */
  logGigabyte: 0.5,
  /** The same page (custom metrics, a month). */
  customMetric: 0.3,
  /** https://aws.amazon.com/xray/pricing/ (traces recorded). */
  trace: 5 / 1e6,
  /** https://aws.amazon.com/step-functions/pricing/ (standard workflows). */
  stateTransition: 0.025 / 1e3,
  /** https://aws.amazon.com/kms/pricing/ (asymmetric requests other than RSA 2048). */
  eccSignature: 0.15 / 1e4,
  /** https://aws.amazon.com/s3/pricing/ */
  putObject: 0.005 / 1e3,
  getObject: 0.0004 / 1e3,
  /** https://aws.amazon.com/systems-manager/pricing/ (AppConfig, configurations received). */
  configurationReceived: 0.0008,
  configurationAsked: 0.2 / 1e6,
} as const;
