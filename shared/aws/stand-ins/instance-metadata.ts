/** Stands in for asking an EC2 instance for its region: a Lambda function has its region in `AWS_REGION`. */
export const getInstanceMetadataRegion = async () => undefined;
