import { describeSecrets } from "./describe-secrets.ts";

await describeSecrets("kms");
