export { CODES, type ErrorCode } from "./codes.js";
export { type Fault, HitlessError } from "./hitlessError.js";
