"""What AT commands set: the live values, the profile that AT&W keeps, the factory's.

Source for what is kept where: EG800Q&EG91xQ AT Commands Manual V1.1, AT&W and AT&F (AT&W stores
the line speed, AT&F and ATZ do not bring it back).
"""

from dataclasses import dataclass, field, replace

from quecsim.profiles.schema import Profile


@dataclass(slots=True)
class Settings:
    """The settings of the AT interpreter and of the line; all that AT&W can keep.

    `baud` 0 is auto-bauding. `saved` is what the device keeps at once, without AT&W, and through
    ATZ, AT&F and restarts: the live settings and the kept ones share it.
    """

    baud: int
    frame: str
    ifc: tuple[int, int]
    usbifc: tuple[int, int]
    cmee: int
    urc_port: str
    echo: int = 1
    verbose: int = 1
    quiet: int = 0
    extended: int = 4
    dcd: int = 1
    dtr: int = 1
    s3: int = 13
    s4: int = 10
    s5: int = 8
    registers: dict[str, int] = field(default_factory=dict)
    registration: dict[str, int] = field(default_factory=dict)
    config: dict[str, tuple[int | str, ...]] = field(default_factory=dict)
    indications: dict[str, int] = field(default_factory=dict)
    saved: dict[str, tuple[int | str, ...]] = field(default_factory=dict)

    def copy(self) -> "Settings":
        """An independent copy, but for what is saved."""
        return replace(
            self,
            registers=dict(self.registers),
            registration=dict(self.registration),
            config=dict(self.config),
            indications=dict(self.indications),
        )

    def restore(self, kept: "Settings") -> None:
        """Take all of `kept` but the line's speed and frame, and what is saved (ATZ, AT&F)."""
        fresh = kept.copy()
        fresh.baud, fresh.frame, fresh.saved = self.baud, self.frame, self.saved
        for name in Settings.__slots__:
            setattr(self, name, getattr(fresh, name))


def factory_settings(profile: Profile, port: str) -> Settings:
    """The values a new device has; URCs go to `port`, the one in use."""
    return Settings(
        baud=profile.uart.baud if profile.autobaud is None else 0,
        frame=profile.uart.frame,
        ifc=profile.uart.ifc_default,
        usbifc=profile.usb.usbifc_default if profile.usb is not None else (0, 0),
        cmee=profile.at.cmee,
        echo=int(profile.at.echo),
        urc_port=port,
    )
