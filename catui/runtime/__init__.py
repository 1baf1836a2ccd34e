"""The thin shell round the pure pipeline: event -> journal -> step -> effects, its hosts and its records."""
