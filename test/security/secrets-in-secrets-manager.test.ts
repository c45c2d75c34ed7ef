import { describeSecrets } from "./describe-secrets.ts";

await describeSecrets("secrets-manager");
