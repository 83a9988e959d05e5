"""For all tests: hypothesis has no deadline. How long an example takes says how busy the machine is."""

from hypothesis import settings

if settings.get_current_profile_name() == "default":  # not where somebody chose another, as `./run mutants` does
    settings.register_profile("unhurried", deadline=None)
    settings.load_profile("unhurried")
