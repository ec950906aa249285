import { describeRuntime } from "../src/describe-runtime.ts";
import { node } from "../src/runtimes/node.ts";

describeRuntime(node);
