"""The command that locates an address or a table of them."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from hubrank.cli.options import AsJson, Encoding, app, print_json, progress

if TYPE_CHECKING:
    from hubrank.analysis.locate_file import Done
    from hubrank.geocoding import Settings


@app.command()
def locate(
    what: Annotated[
        str, typer.Argument(help="An address in quotes, or a table of them (CSV of any delimiter, workbook).")
    ],
    out: Annotated[Path | None, typer.Option("--out", help="For a file: the CSV to write.")] = None,
    institutions: Annotated[
        list[Path] | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            help="Register of institutions (a ROR dump); may be repeated. Default: the one in raw/ror/, if any.",
        ),
    ] = None,
    encoding: Encoding = None,
    country: Annotated[str, typer.Option(help="Country (name or code) of the addresses that state none.")] = "",
    min_precision: Annotated[str, typer.Option(help="site, institution, city, region or country.")] = "city",
    workers: Annotated[
        int | None,
        typer.Option(min=1, help="For a file: processes, of 0.6 GB each, that locate. Default: two, on two cores."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Locate an address and explain how, or a table of them, in columns that are recognised as `hubrank new` does."""
    from dataclasses import asdict

    from hubrank.analysis import locate_address
    from hubrank.cli.screens import addresses
    from hubrank.core.tables import PRECISIONS
    from hubrank.sources import register
    from hubrank.sources.formats.file_names import ends_as_data

    if min_precision not in PRECISIONS:
        raise typer.BadParameter(
            f"{min_precision!r} is not one of: {', '.join(PRECISIONS)}.", param_hint="--min-precision"
        )
    is_file, is_folder = os.path.isfile(what), os.path.isdir(what)  # noqa: PTH112, PTH113 (a long text is neither)
    if is_folder:
        raise typer.BadParameter(
            f"{what!r} is a folder. Of a folder locate one table at a time, as in `hubrank locate FOLDER/TABLE.csv "
            f"--out places.csv`; of an address that is called so state the country, too.",
            param_hint="WHAT",
        )
    if out is None and is_file:
        raise typer.BadParameter(
            f"{what!r} is a file: name the file to write its places to, as in --out places.csv.", param_hint="--out"
        )
    if out is None and ends_as_data(what):
        raise typer.BadParameter(
            f"there is no file {what!r}; name one that is there, or an address in quotes.", param_hint="WHAT"
        )
    home, precision = locate_address.economy_of(country), cast("locate_address.Precision", min_precision)
    used = register.given_or_fetched(institutions or [], Path())
    if out is not None:
        done = _locate_file(Path(what), out, locate_address.settings_of(used.paths, precision), workers, encoding, home)
        if as_json:
            print_json(asdict(done) | {"file": str(out), "institutions": [Path(str(path)).name for path in used.paths]})
        else:
            addresses.located_file(done, out, used)
        return
    resolver = locate_address.load_resolver(used.paths, precision)
    judgements = locate_address.explained(what, resolver, home)
    if as_json:
        print_json([asdict(one) for one in judgements])
    else:
        addresses.located(judgements, used)


def _locate_file(
    path: Path, out: Path, settings: "Settings", workers: int | None, encoding: str | None, country: str
) -> "Done":
    """Write a table with where its rows are; other processes locate with this one where that takes long."""
    from hubrank import geocoding
    from hubrank.analysis import locate_file
    from hubrank.core.processes import cores
    from hubrank.geocoding.parallel import LoadedGeocoder, ParallelGeocoder

    with progress() as report:
        others = (workers or min(2, cores())) - 1
        geocoder = ParallelGeocoder(geocoding.geocoder_for(settings), LoadedGeocoder(settings), others, report)
        return locate_file.locate_file(path, out, geocoder, encoding, country)
