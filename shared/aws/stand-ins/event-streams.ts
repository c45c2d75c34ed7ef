const refuse = (): never => {
  throw new Error("bundles have no event streams: see cdk/lean-sdk.ts");
};

/**
 * Stands in for the parts of the SDK that speak event streams (20 KB): Lambda's client brings them for
 * `InvokeWithResponseStream`, and nothing here calls an operation that streams events.
 */
export const resolveEventStreamSerdeConfig = <Config>(config: Config): Config => config;

/** @throws Error always: a stream is used after all. */
export const eventStreamSerdeProvider = (): never => refuse();

/** What an operation that streams would make. */
export class EventStreamSerde {
  constructor() {
    refuse();
  }
}
