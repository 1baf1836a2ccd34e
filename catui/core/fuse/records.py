"""Record classes: msgspec structs and named tuples, which are taken apart while fusing."""

import msgspec


def record_names(cls: type) -> tuple[str, ...] | None:
    """The fields of a record class, in order; None for a class that is no record."""
    if issubclass(cls, msgspec.Struct):
        return cls.__struct_fields__
    if issubclass(cls, tuple) and hasattr(cls, "_fields"):
        return tuple(cls._fields)
    return None


def record_defaults(cls: type) -> dict[str, object]:
    """The fields that have a plain default."""
    if issubclass(cls, msgspec.Struct):
        fields = msgspec.structs.fields(cls)
        return {f.name: f.default for f in fields if f.default is not msgspec.NODEFAULT}
    return dict(getattr(cls, "_field_defaults", {}))
