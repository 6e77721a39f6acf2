/** How a connection to this provider becomes a provider of AWS's. */
import { explain } from "./awsErrors.js";
import { type ProviderConfig, resolveConfig } from "./config/config.js";
import { Sessions } from "./protocol/sessions.js";
import { Provider } from "./provider.js";

/**
 * @param environment where region, endpoints and credentials come from if the configuration is silent
 * @param speed how many AWS seconds pass in one real second
 * @param engineAddress the engine that started this process, if one did
 */
export function awsSessions(
  environment: NodeJS.ProcessEnv,
  speed: number,
  engineAddress?: string,
  makeProvider: (config: ProviderConfig) => Provider = (config) => new Provider(config, speed),
): Sessions<Provider> {
  return new Sessions(async (inputs) => {
    const provider = makeProvider(resolveConfig(inputs, environment));
    await proveAccount(provider);
    return provider;
  }, engineAddress);
}

/** Proves that AWS answers, so that an unreachable cloud is one clear error instead of many. */
async function proveAccount(provider: Provider): Promise<void> {
  const { allowedAccountIds, forbiddenAccountIds, skipCredentialsValidation } = provider.config;
  if (skipCredentialsValidation && allowedAccountIds.length === 0 && forbiddenAccountIds.length === 0) return;
  let account: string;
  try {
    account = await provider.account();
  } catch (cause) {
    throw new Error(`the AWS provider cannot use its credentials: ${explain(cause)}`, { cause });
  }
  if (forbiddenAccountIds.includes(account) || (allowedAccountIds[0] && !allowedAccountIds.includes(account))) {
    throw new Error(`AWS account ${account} is not allowed by the provider's allowedAccountIds or forbiddenAccountIds`);
  }
}
