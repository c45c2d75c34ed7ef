/** Stands in for reading a browser's streams, which `node:https` does not give. @throws Error always. */
export const sdkStreamMixin = (): never => {
  throw new Error("bundles read no streams of browsers: see cdk/lean-sdk.ts");
};
