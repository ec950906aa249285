import { describeRuntime } from "../src/describe-runtime.ts";
import { nginx } from "../src/runtimes/nginx.ts";

describeRuntime(nginx);
