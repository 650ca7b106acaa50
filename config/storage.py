"""Static files under hashed names, whose addresses are worked out once."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):
    """A page names a dozen files, and parsing each name again costs a tenth of it.

    The names come from templates, so there are only so many; the storage lives as
    long as the manifest it has read.
    """

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.addresses: dict[str, str] = {}

    def url(self, name: str, force: bool = False) -> str:
        address = self.addresses.get(name)
        if address is None:
            address = self.addresses[name] = super().url(name, force)
        return address
