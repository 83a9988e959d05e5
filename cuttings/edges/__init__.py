"""Where the engine touches the world. Only flows call in here."""
