/** What the benchmark cannot say, since it has never run on AWS. It stands in each of its reports. */
export const notMeasuredOnAws: readonly string[] = [
  "Cold starts: no function was started by Lambda. Import CPU is measured in processes of Node on this machine.",
  "Latency and throughput: an emulated AWS and a simulated Finch share this machine with whoever calls them, and run one Node process for each function.",
  "What AWS bills: costs are counted calls and items times list prices, with an assumed duration of each invocation.",
  "Throttling, quotas and hot partitions of DynamoDB, KMS, Lambda and API Gateway: the emulated ones have none.",
  "Finch: answers come from a simulator, as fast as this machine is.",
];
