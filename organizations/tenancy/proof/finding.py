"""What the proof has to say: one code, one place, one sentence."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Finding:
    """One hole in the walls; codes beginning with W are warnings."""

    code: str
    where: str
    text: str

    def __str__(self) -> str:
        return f"{self.code} {self.where}: {self.text}"

    @property
    def is_warning(self) -> bool:
        return self.code.startswith("W")
