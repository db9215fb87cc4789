"""Device profiles: what a device is, as data, with how we know each value."""

from quecsim.profiles.loader import load_profile, profile_names
from quecsim.profiles.schema import Profile, Provenance

__all__ = ["Profile", "Provenance", "load_profile", "profile_names"]
