"""Where papers come from: each service has a ``fetch`` (through the one HTTP client) and a pure ``parse``."""
