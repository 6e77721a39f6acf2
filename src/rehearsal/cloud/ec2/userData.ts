import { AwsError } from "../awsError.js";
import { invalidParameter } from "./operation.js";

/** "User data is limited to 16 KB, in raw form, before it is base64-encoded" (EC2 user guide). */
const longestUserData = 16 * 1024;

/** Checks base64 user data as EC2 does. */
export function checkUserData(userData: string | undefined): void {
  if (userData === undefined) return;
  const compact = userData.replace(/\s+/g, "");
  if (compact.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(compact)) {
    throw new AwsError("InvalidUserData.Malformed", "Invalid BASE64 encoding of user data.");
  }
  const length = Buffer.from(compact, "base64").length;
  if (length > longestUserData) {
    throw invalidParameter(`User data is limited to ${longestUserData} bytes, this has ${length}.`);
  }
}
