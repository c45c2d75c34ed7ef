/** Records what the bundles are made of, for `size.test.ts` to name what has grown since: `node test/cdk/bundles/record.ts`. */
import { bundleFunctions } from "../../../cdk/bundles.ts";
import { readBundles, writeRecord } from "./parts.ts";

const { metafile } = await bundleFunctions();
writeRecord(readBundles(metafile));
