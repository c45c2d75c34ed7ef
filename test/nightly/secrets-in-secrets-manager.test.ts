import { describeSecrets } from "../security/describe-secrets.ts";

await describeSecrets("secrets-manager");
