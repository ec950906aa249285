import { config } from "zod";

// Zod otherwise tries whether it may make code from text, which the Content-Security-Policy forbids and
// reports. This module is imported first.
config({ jitless: true });
