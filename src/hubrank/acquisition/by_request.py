"""Sources that no program can fetch: where to ask for them, and which file to put where."""

BY_REQUEST = {
    "regpat": (
        "Ask the OECD (sti.microdata@oecd.org) for REGPAT; editions come in February and August. Unpack "
        "…_PCT_Inv_reg.7z, …_PCT_IPC.7z and …_PCT_App_reg.7z into raw/regpat/ (docs/sources/regpat.md)."
    ),
    "wipo-pct": (
        "WIPO sells the PCT bibliographic data, the source of its own ranking, for CHF 400 a year: weekly XML by SFTP "
        "(www.wipo.int/patentscope, data products). hubrank has no reader for ST.36; make a table of application, "
        "year, city and country of each inventor and read it with `table` (docs/sources/table.md)."
    ),
    "patstat": (
        "Register at EPO's Technology Intelligence Platform and export appln_id, filing year, person city, country and "
        "address of inventors of kind W as CSV into raw/patstat/; read it with `table` (docs/sources/table.md)."
    ),
    "crunchbase": (
        "Crunchbase is licensed (data.crunchbase.com). Put its export funding_rounds.csv and organizations.csv into "
        "raw/crunchbase/ (docs/sources/crunchbase.md)."
    ),
    "dealroom": (
        "Dealroom is licensed (dealroom.co). Export rounds with year, city and country as CSV into raw/dealroom/ and "
        "read it with `table` (docs/sources/table.md)."
    ),
    "geoc-inv": (
        "Located inventors of first filings 1980–2014 (de Rassenfosse and others 2019): download geoc_inv.txt from "
        "Harvard Dataverse, doi:10.7910/DVN/OTTBDX, without login, into raw/geoc-inv/; read it with `table` "
        "(docs/sources/table.md)."
    ),
}
