import { expect, it } from "vitest";
import { dropRegions, keepExceptions, spellOutKeys } from "../../../cdk/lean-sdk.ts";

it("the keys of a schema's traits are spelt out; what else is in brackets stays", () => {
  const schemas = `const _hH = "httpHeader";
const _FN = "FunctionName";
export var Request$ = [3, n0, _FN, 0, [_FN], [[0, { [_hH]: _FN, [other]: 1 }]]];`;
  expect(spellOutKeys(schemas)).toBe(`const _hH = "httpHeader";
const _FN = "FunctionName";
export var Request$ = [3, n0, _FN, 0, [_FN], [[0, { "httpHeader": _FN, [other]: 1 }]]];`);
});

it("only the exceptions that are caught, and the service's base exception, stay registered", () => {
  const schemas = `_s_registry.registerError(LambdaServiceException$, LambdaServiceException);
n0_registry.registerError(CaughtException$, CaughtException);
n0_registry.registerError(OtherException$, OtherException);
`;
  expect(keepExceptions(schemas, new Set(["CaughtException"]))).toBe(
    `_s_registry.registerError(LambdaServiceException$, LambdaServiceException);
n0_registry.registerError(CaughtException$, CaughtException);

`,
  );
});

it("a partition keeps what its regions are found by, and no region", () => {
  const partitions = `"regionRegex": "^us\\\\-\\\\d+$",
    "regions": {
      "aws-global": {
        "description": "aws global region"
      },
      "us-1": {
        "description": "US East (N. Virginia)"
      }
    }
  }`;
  expect(dropRegions(partitions)).toBe(`"regionRegex": "^us\\\\-\\\\d+$",
    "regions": {}
  }`);
});
