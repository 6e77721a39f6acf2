/** What a user needs to unit-test a Pulumi program that uses Hitless: `import { setHitlessMocks } from "hitless/testing"`. */
export { installHookSupport } from "./installHookSupport.js";
export { type HitlessMocks, type MockOptions, type RecordedResource, setHitlessMocks } from "./mocks.js";
