"""OpenMCX: joint micro-credential exchange networks that universities can run."""


def __getattr__(name: str) -> str:
    if name != "__version__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib.metadata import version  # noqa: PLC0415  (takes longer than many a command; nearly nobody asks)

    return version("openmcx")
