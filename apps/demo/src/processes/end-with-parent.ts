// Loaded into each process that the demo starts: it ends when the demo has ended, however that came.
process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
