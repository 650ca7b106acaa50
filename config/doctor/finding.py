"""What the doctor has to say: a code, how grave it is, what is so, and the mend."""

from dataclasses import dataclass

from config.doctor.codes import CODES


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that is not as it should be; it never holds a secret."""

    code: str
    what: str

    def __str__(self) -> str:
        return f"{self.code} {self.severity}: {self.what} {self.mend}"

    @property
    def severity(self) -> str:
        """Either "problem" or "warning"; a problem needs somebody today."""
        return CODES[self.code].severity

    @property
    def is_problem(self) -> bool:
        return self.severity == "problem"

    @property
    def mend(self) -> str:
        """One sentence that says what to do, with the command where there is one."""
        return str(CODES[self.code].mend)

    def as_dict(self) -> dict[str, str]:
        return {
            "code": self.code,
            "severity": self.severity,
            "what": self.what,
            "mend": self.mend,
        }
