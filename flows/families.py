"""The names that a source's `family` may have, as every command checks them: the parsers themselves, which bring
their libraries, are half a second away. A test holds the two together."""

NAMES = ("wordpress-rest", "govuk", "umbraco", "drupal", "blogger", "wordpress", "generic", "digital-edition", "plain")
