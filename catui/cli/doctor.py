"""`catui doctor`: is everything there that a desk needs?"""

import typer

from catui.cli.options import ConfigFile, Json


def doctor(config: ConfigFile = None, json: Json = False) -> None:
    """Check Python, packages, configuration, disk and terminal; say what is missing and what mends it.

    Example: catui doctor
    """
    import msgspec

    from catui.doctor import examine

    findings = examine(config)
    if json:
        for finding in findings:
            typer.echo(msgspec.json.encode(finding).decode())
        typer.echo(msgspec.json.encode({"summary": True, "ok": all(f.ok for f in findings)}).decode())
    else:
        for finding in findings:
            mend = f"; {finding.mend}" if finding.mend else ""
            typer.echo(f"{'ok  ' if finding.ok else 'BAD '} {finding.name:<14}{finding.found}{mend}")
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)
