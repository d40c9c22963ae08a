"""A second reading of the semantics: slow, plain, and sharing nothing with the engines of `mfa`."""
