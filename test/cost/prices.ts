/** When these list prices were known so; nobody has looked at AWS's pages on the day of a run. Check what matters to you. */
export const pricesOf = { region: "us-east-1", date: "2026-11-26" } as const;

/** A list price in dollars, without free tiers and discounts for volume. */
export interface Price {
  readonly what: string;
  readonly dollars: number;
  readonly per: string;
  readonly source: string;
}

const page = (name: string) => `https://aws.amazon.com/${name}/pricing/`;

/** What is paid for what is used. */
export const prices = {
  gatewayRequest: { what: "HTTP API request", dollars: 1, per: "million", source: page("api-gateway") },
  invocation: { what: "Lambda invocation", dollars: 0.2, per: "million", source: page("lambda") },
  gbSecond: { what: "Lambda, arm64", dollars: 0.0000133334, per: "GB-second", source: page("lambda") },
  readUnit: { what: "DynamoDB read unit, on demand", dollars: 0.125, per: "million", source: page("dynamodb") },
  writeUnit: { what: "DynamoDB write unit, on demand", dollars: 0.625, per: "million", source: page("dynamodb") },
  kmsRequest: { what: "KMS request, symmetric", dollars: 0.03, per: "10,000", source: page("kms") },
  secretRequest: { what: "Secrets Manager call", dollars: 0.05, per: "10,000", source: page("secrets-manager") },
  queueRequest: { what: "SQS request, standard queue", dollars: 0.4, per: "million", source: page("sqs") },
  busEvent: { what: "EventBridge custom event", dollars: 1, per: "million", source: page("eventbridge") },
  logGb: { what: "CloudWatch log, ingested", dollars: 0.5, per: "GB", source: page("cloudwatch") },
  outGb: {
    what: "data out to the internet",
    dollars: 0.09,
    per: "GB",
    source: "https://aws.amazon.com/ec2/pricing/on-demand/",
  },
  tokenRequest: { what: "Cognito M2M token", dollars: 2.25, per: "1,000", source: page("cognito") },
} as const satisfies Record<string, Price>;

/** What is paid by the month. */
export const monthlyPrices = {
  storedGb: { what: "DynamoDB storage, standard class", dollars: 0.25, per: "GB-month", source: page("dynamodb") },
  recoveryGb: { what: "DynamoDB point-in-time recovery", dollars: 0.2, per: "GB-month", source: page("dynamodb") },
  key: { what: "KMS key", dollars: 1, per: "month", source: page("kms") },
  secret: { what: "secret in Secrets Manager", dollars: 0.4, per: "month", source: page("secrets-manager") },
  alarm: { what: "CloudWatch alarm, standard", dollars: 0.1, per: "month", source: page("cloudwatch") },
  metric: { what: "CloudWatch custom metric", dollars: 0.3, per: "month", source: page("cloudwatch") },
  client: { what: "Cognito M2M client", dollars: 6, per: "month", source: page("cognito") },
} as const satisfies Record<string, Price>;
