import { synthesise } from "../cdk/support.ts";
import { memoryGb } from "./durations.ts";
import type { TokenStore } from "./world.ts";

/** What a deployment has that is paid for whether it is used or not, counted in the stage's templates. */
export interface Deployment {
  readonly alarms: number;
  /** Metrics that are counted from logs. */
  readonly metrics: number;
  readonly keys: number;
  readonly secrets: number;
  /** Queues that Lambda polls. */
  readonly polledQueues: number;
  readonly clients: number;
}

/** Synthesises the production stage. @throws Error if a function has other memory or another processor than is priced. */
export const countDeployment = (tokenStore: TokenStore): Deployment => {
  const { resources } = synthesise("production", { context: { tokenStore } });
  const ofType = (type: string) => resources.filter((each) => each.type === type);
  // Rosters are not among the flows that are counted: the page says so.
  const priced = ofType("AWS::Lambda::Function").filter(({ stack }) => stack !== "PerchRosters");
  for (const { name, properties } of priced) {
    const { MemorySize, Architectures } = properties;
    if (MemorySize !== memoryGb * 1_024 || String(Architectures) !== "arm64") {
      throw new Error(`${name} is not priced: it has ${MemorySize} MB on ${Architectures}`);
    }
  }
  const metrics = ofType("AWS::Logs::MetricFilter").flatMap(
    ({ properties }) => properties["MetricTransformations"] as readonly { readonly MetricName: string }[],
  );
  return {
    alarms: ofType("AWS::CloudWatch::Alarm").length,
    metrics: new Set(metrics.map(({ MetricName }) => MetricName)).size,
    keys: ofType("AWS::KMS::Key").length,
    secrets: ofType("AWS::SecretsManager::Secret").length,
    // Streams have a place to start from; reading them is free for Lambda.
    polledQueues: ofType("AWS::Lambda::EventSourceMapping").filter(
      ({ properties }) => properties["StartingPosition"] === undefined,
    ).length,
    clients: ofType("AWS::Cognito::UserPoolClient").length,
  };
};
