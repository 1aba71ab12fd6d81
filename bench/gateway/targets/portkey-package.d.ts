declare module "@portkey-ai/gateway/build/start-server.js";
