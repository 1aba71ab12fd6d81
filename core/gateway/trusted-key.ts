/** Header of a call that names its key in place of showing it; believed only where nobody but another Worker of ours can send it. */
export const trustedKeyHeader = "x-evalforge-trusted-key-id";
