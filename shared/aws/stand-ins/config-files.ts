/** Divides a section's name from its kind, where the SDK reads a file's sections. */
export const CONFIG_PREFIX_SEPARATOR = ".";

/**
 * Stands in for the reading of `~/.aws/config` and `~/.aws/credentials`: a Lambda function has neither, and is configured by
 * its environment. The SDK treats files that are not there as empty, too.
 */
export const loadSharedConfigFiles = async () => ({ configFile: {}, credentialsFile: {} });
