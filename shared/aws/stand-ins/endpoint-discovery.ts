/**
 * Stands in for DynamoDB's endpoint discovery and its cache (10 KB): AWS asks for it on Timestream only, and no command of
 * DynamoDB's uses it any more. The client merely prepares it.
 */
export const resolveEndpointDiscoveryConfig = <Config>(config: Config): Config => config;

/** The setting, which nothing reads. */
export const NODE_ENDPOINT_DISCOVERY_CONFIG_OPTIONS = {
  environmentVariableSelector: () => undefined,
  configFileSelector: () => undefined,
  default: false,
};
