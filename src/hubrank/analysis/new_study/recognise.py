"""Which reader a file is for, by its columns: those that the readers themselves require."""

from collections.abc import Mapping, Sequence

from hubrank.analysis.new_study.folder import Look
from hubrank.sources import crunchbase, form_d, openalex_files, patentsview, regpat
from hubrank.sources.formats.columns import plain

REGISTER = "register"  # of institutions: no source, but what locates
COMPANION = "companion"  # a table of a known source that is not needed

_OPENALEX_SIGNS = (
    ("openalex", "works", ("authorships", "publication_year")),
    ("openalex", "institutions", ("geo", "ror", "display_name")),
)
_JSON_SIGNS = (
    *_OPENALEX_SIGNS,
    (REGISTER, "institutions", ("names", "locations", "types")),
    (REGISTER, "institutions", ("addresses", "aliases", "acronyms")),
    (COMPANION, "openalex", ("works_api_url",)),
)
_TABLE_SIGNS = (
    ("openalex", "deleted", ("work_id", "deleted_date")),
    ("crunchbase", "organizations", ("uuid", "name", "country_code", "city", "category_list")),
    ("form_d", "filings", tuple(form_d.SPECS["FORMDSUBMISSION"].values())),
    (COMPANION, "form_d", ("ACCESSIONNUMBER",)),
    (COMPANION, "openalex-counts", ("counted_at_institutions", "counted_without_coordinates")),
    (COMPANION, "patentsview", ("patent_id",)),
    (COMPANION, "patentsview", ("pgpub_id",)),
)
_XML_SIGNS = (
    ("uspto_xml", "documents", ("<us-patent-grant", "<us-patent-application")),
    ("epo_xml", "documents", ("<ep-patent-document",)),
)
_OF_PCT = ("pct_371_date", "pct_doc_number")
_EURO_PCT = (
    "PCT and European applications are counted together, and a PCT application that entered the regional phase at the "
    "European Patent Office is in both tables, under another number: keep the files of one of them, those of the PCT "
    "for a ranking of the world"
)
_ROLES = (
    "inventors",
    "locations",
    "patents",
    "assignees",
    "technology",
    "applications",
    "applicants",
    "ipc",
    "regions",
)


def recognised(look: Look) -> tuple[str, str] | None:
    """Return the reader and the role of a file; None where it is a table that no reader knows."""
    if look.kind == "xml":
        return next(
            ((reader, role) for reader, role, roots in _XML_SIGNS if any(root in look.start for root in roots)), None
        )
    for layout in crunchbase.LAYOUTS:
        if look.has(*(layout.columns[name] for name in {*layout.need, "company"})):
            return "crunchbase", "rounds"
    if look.kind == "table":
        for reader, tables, need in (
            ("patentsview", patentsview.TABLES, patentsview.NEED),
            ("regpat", regpat.TABLES, regpat.NEED),
        ):
            if role := _role(look, tables, need):
                return reader, role
    if look.kind == "table":
        return _signed(look, _TABLE_SIGNS)
    pages = [listed for listed in look.inside if listed.rows_at == openalex_files.PAGES]
    return _signed(look, _JSON_SIGNS) or next(filter(None, (_signed(page, _OPENALEX_SIGNS) for page in pages)), None)


def counted_twice(reader: str, roles: Mapping[str, Sequence[Look]]) -> tuple[str, ...]:
    """Return what to say where the files of a reader, by their roles, have the same inventions twice."""
    inventors = roles["inventors"] if reader == "regpat" else ()
    numbers = {next(filter(look.has, regpat.ID)) for look in inventors}
    return (_EURO_PCT,) if len(numbers) > 1 else ()


def _signed(look: Look, signs: Sequence[tuple[str, str, tuple[str, ...]]]) -> tuple[str, str] | None:
    return next(((reader, role) for reader, role, columns in signs if look.has(*columns)), None)


def _role(look: Look, tables: Mapping[str, Mapping[str, tuple[str, ...]]], need: Mapping[str, set[str]]) -> str | None:
    """Return the role of a table whose columns, by any of their names, are all that the reader requires."""
    there = set(map(plain, look.header))
    if "pct" in tables and there & set(_OF_PCT):
        return "pct"
    for role in (role for role in _ROLES if role in tables):
        if all(there & set(map(plain, tables[role][column])) for column in need[role]):
            return role
    return None
