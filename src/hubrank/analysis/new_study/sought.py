"""What is looked for in an unknown table: names of columns that say it, and what values have to be."""

import re
from collections.abc import Callable, Mapping

from hubrank.core import countries
from hubrank.sources.formats.east_asian import MONTH
from hubrank.sources.formats.table_values import NO_DATE, is_amount
from hubrank.sources.row_checks import MONTHS
from hubrank.sources.table_remarks import AUTHORS_PATTERN, AUTHORS_SPLIT

# Organisations, and institutions whatever kind of one, in the languages of the pages and their neighbours.
ORGANISATION = "(.* )?(organi[sz]a(tion|tions|ção|ções|cao|ción|cion|zione)|organism[eo]|entidade?)( (name|sede))?"
# Who applied for a patent or has it: Lens, Espacenet and offices write several of them in one cell.
APPLICANT = (
    "((current|original|patent|standardi[sz]ed|first) )?(applicants?|assignees?|patentees?)( names?)?"
    "|anmelder|(d[ée]posant|demandeur|solicitante|requerente|depositante|richiedent|zg[łl]aszaj[ąa]c)[sye]?"
    "|ba[şs]vuru sahibi"
)
_INSTITUTION = (
    "institu(tion|tions|tionen|ição|ições|icao|ción|cion|ciones|t|te|tes|to|tos|ut)|istitu(to|zione)|instytu(t|cja)"
    "|instelling|établissements?|etablissements?|estabelecimento|einrichtung|forschungseinrichtung|(fach)?hochschule"
    "|universit(y|é|e|à|a|ät|aet|eit|et|etet)|universidade?|uniwersytet|uczelnia|faculdade|laboratoire|universiteit"
    "|(ال)?(مؤسسة|جامعة|معهد|كلية)|جهة العمل|kurum(u|lar[ıi]?)?|kurulu[şs](u|lar[ıi]?)?"
    "|l[äa]ros[äa]te|h[öø](g|j|y)skol[ae]|yliopisto|korkeakoulu|egyetem|univerzit[ay]|[üu]niversite(si)?"
)
_OF_ONE = "type|kind|typ|tipo|art|class|status|id|code|c[óo]digo|number|count|country|city|state|region"  # not its name
_AFFILIATION = "affiliations?|affiliazion[ei]|a?filia(ção|cao|ción|cion|ciones|ções)|afiliacj[ae]|affiliering(ar)?"
# Towns in the languages of the pages and their neighbours.
TOWN = (
    "(.* )?(orte?|(wohn|dienst|stand|firmen)ort|stadt|gemeinde|villes?|communes?|ciudad|municipio|localidad|cidade"
    "|munic[íi]pio|citt[àa]|comune|localit[àa]|stad|(woon|vestigings)?plaats(naam)?|gemeente|miasto|miejscowo[śs][ćc]"
    "|kommune?|kaupunki|město|mesto|város|şehir|город|πόλη|(ال)?مدينة|.*(城市|都市|市区町村|市町村|도시))( .*)?"
)
LAND = (
    "(.* )?(land|lands|staat|pays|pa[íi]s|paese|nazione|kraj|maa|země|krajina|ország|ülke|страна|χώρα|(ال)?(دولة|بلد))"
    "( .*)?"
)
# Countries of persons, not of where they work: of a nationality, a citizenship, a birth.
is_of_nationality = re.compile(
    r".*(nationalit|nacionalidad|nazionalit|citizen|citoyennet|ciudadan|cidadania|cittadinanza|staatsb[üu]rger"
    r"|staatsangeh[öo]r|burgerschap|medborgarskap|statsborgerskap|obywatelstwo|narodowo|\bbirth|naissance|nacimiento"
    r"|nascimento|nascita|geburts|国籍|國籍|국적|出生|출생).*"
).fullmatch
_BY = "(名|名称|名稱|명|別|别|별)?"  # the name of each, or by it
REGION = (
    "prov[íi]nci[ae]s?|prov[íi]ncies|provinz|provincie|regi[óo]n?|r[ée]gion|regione|regio|regi[ãa]o|bundesland|kanton"
    f"|.*(都道府県|都道府縣|省份|省市|省级|省 ?(区|區) ?市|省市自治区|省 ?自治区 ?直辖市|縣市|시 ?도|광역자치단체){_BY}"
    "|(所在)?省|府県|県名?"
)
# Cities, wards and counties, the level below.
_MUNICIPALITY = (
    f".*(市区町村|市町村|区市町村|地级市|地市|(鄉鎮市|鄉鎮|郷鎮市)[區区]|시 ?군 ?구|시 ?군|기초자치단체){_BY}"
    "|(所在)?(市|城市|市县|市縣|区县|區縣|县区|縣區)"
)
IDENTIFIER = ".* (id|no|nr|number|identifier)"
# What an office counts, and who has it, in Japanese, Chinese and Korean.
_OFFICE = "論文|论文|논문|特許|专利|專利|특허|出願|申请|申請|출원|公開|公开|공개|登録|登记|授权|등록"
_OWNER = "(企業|企业|会社|公司|기업|회사)(名|名称|名稱|명)?|出願人|权利人|権利者|申请人|申請人|출원인"
_NUMBER = "(n[ºo]?|nr|n[uú]m|n[uú]mero|num[ée]ro|number|nummer|numer|identificador|code|c[óo]digo|numaras[ıi]|رقم)"
NUMBER_OF = f"{_NUMBER} .+"  # of what it identifies, or of a count
# What an office or a funder numbers, one of it: numbers of several are counts.
_FILE = (
    "(patent|(patent)?anmeldung|antrag|akte|vorhaben|projekt|(patent )?application|filing|grant|file|award|proposal"
    "|patente|pedido|processo|proceso|dep[óo]sito|solicitud|expediente|proje[ct]to|proyecto|convenio|convênio|contrato"
    "|outorga|aux[íi]lio|demande|dossier|brevet|projet|d[ée]p[ôo]t|subvention|domanda|brevetto|progetto|pratica"
    "|ba[şs]vuru|tescil|dosya|bulu[şs]|(ال)?(طلب|براءة|[إا]يداع|تسجيل|ملف|بحث)"
    "|zg[łl]oszeni[ea]|wniosk?u?|patentu|projektu)"
)
CALLED_NUMBER = (  # of records, where its values are those of ids
    f"{_NUMBER} ((d[aeio]|del|de la|of( the)?|der|des|du|della?|d) )?{_FILE}( .*)?"
    f"|({_FILE}|anmelde|f[öo]rder)(s?nummer|snr| ?{_NUMBER})"
    "|aktenzeichen|az|f[öo]rderkennzeichen|fkz|processo|expediente"
)


def _number(low: float, high: float, *, whole: bool = False) -> Callable[[str], bool]:
    def fits(value: str) -> bool:
        """Whether a text is such a number."""
        try:
            number = float(value.replace(",", ".", 1) if not whole else value)
        except ValueError:
            return False
        return low <= number <= high and (not whole or number == int(number))

    return fits


is_rate = re.compile(r"[-+]?\d[\d.,]{0,20}[ \xa0\u202f]?[%％]").fullmatch


def is_amount_or_rate(value: str) -> object:
    """Return whether a text is a number of records, or a percentage."""
    return is_amount(value) or is_rate(value)


_is_year = _number(1700, 2100, whole=True)


def is_year(value: str) -> bool:
    """Return whether a text is a year, or a financial year and the next: 2022-23, FY 2022-23."""
    if match := _financial_year(value.strip()):
        first, last = match.groups()
        return str(int(first) + 1).endswith(last)
    return _is_year(value)


def _is_words(value: str) -> bool:
    return sum(c.isalpha() for c in value) >= 2


def is_country(value: str) -> bool:
    """Return whether a text is a country, by its code or its name in any language."""
    return countries.find_stated(value) is not None


is_date = re.compile(
    r"(1[7-9]|20)\d\d(-\d\d(-\d\d)?([T ].*)?|(0[1-9]|1[0-2])([0-2]\d|3[01])"
    r"|(?P<by>[-/.])\d{1,2}(?P=by)\d{1,2}|年\d{1,2}月\d{1,2}日)"
).fullmatch
is_no_date = re.compile(NO_DATE).fullmatch
# Dates in which the year is plain: 06/09/2023, 19.05.2021, 12 May 2020, May 12, 2020.
has_year = re.compile(
    r"(\d{1,2}[-./ ]+){2}(19|20)\d\d( .*)?|(19|20)\d\d([-./ ]+\d{1,2}){1,2}( .*)?|(19|20)\d\d年.*"
    rf"|({MONTH}[,،] ?)?(\d{{1,2}}[-. ]+)?{MONTH}[-./,، ]+(\d{{1,2}}[,،]? *)?(19|20)\d\d"
    r"|(19|20)\d\d[-/ ]?[QT][1-4]|([QT][1-4]|[1-4][QT])[-/ ]?(19|20)\d\d"
).fullmatch
# A month or a day of one and the last digits of its year: Jan-23, abr/19, Sept '21, 16-Feb-23.
is_month_of_year = re.compile(rf"(?:\d{{1,2}}[-/. ]{{1,2}})?{MONTHS}[^\W\d_]{{0,7}}\.?[-/. '’]{{1,2}}(\d\d)").fullmatch
_financial_year = re.compile(r"(?i:F\.?Y\.?[- ]?)?((?:1[7-9]|20)\d\d) ?[-–/] ?(\d\d(?:\d\d)?)").fullmatch
has_no_year = re.compile(r"\d{1,2}([-./])\d{1,2}\1\d{2}( .*)?").fullmatch  # 06/09/23
# Letters and digits, some of them digits: 62701-1234, SW1A 2AA, 32-014, 〒920-8640, LV-1010.
is_post_code = re.compile(r"(?=\D*\d)〒?[^\W_]{2,9}([- ][^\W_]{2,6}){0,2}(\.0)?").fullmatch
_is_ror = re.compile(r"(https?://)?(ror\.org/)?0[a-z0-9]{8}").fullmatch

# By what is looked for: names that say it, in order of how well they do; what a value must be; in words.
SOUGHT: Mapping[str, tuple[tuple[str, ...], Callable[[str], object], str]] = {
    "lat": (
        ("lat", "latitude", ".*latitude", "y", "latitud|latitudine|breite(ngrad)?|纬度|緯度|위도"),
        _number(-90, 90),
        "numbers from −90 to 90",
    ),
    "lon": (
        ("lon", "lng", "long", "longitude", ".*longitude", "x", "longitud|longitudine|länge(ngrad)?|经度|経度|경도"),
        _number(-180, 180),
        "numbers from −180 to 180",
    ),
    "country": (
        (
            "country( code)?",
            "ctry( code)?",
            ".*country.*",
            r".*\bctry\b.*",
            "nation",
            "iso ?[23]",
            ".*(国|國)(名|家|別|别|コード)?|国家|.*국가( ?(명|코드))?",
        ),
        is_country,
        "countries",
    ),
    "city": (("city", "town", "place", "municipality", ".*city", ".*town", _MUNICIPALITY), _is_words, "words"),
    "region": (("state( code)?", "province", "region( code)?", ".*state", ".*region"), _is_words, "words"),
    "institution_id": (("ror( ids?)?", "institution id"), _is_ror, "ROR ids"),
    "institution": (
        (
            "authors? with affiliations?",
            _AFFILIATION,
            _INSTITUTION,
            f"(.* )?({_AFFILIATION})( .*)?",
            ".*affiliation.*",
            rf"(?!.*\b({_OF_ONE})\b)((.* )?({_INSTITUTION})( .*)?|.*institution.*)",
            ".*(機関|機關|机构|機構|大学|大學|院校|기관|대학|대학교) ?(名|名称|名稱|명)?",
            ".*(所属|所屬|소속)(先|機関|機關|机构| ?기관)?( ?(名|名称|名稱|명))?",
        ),
        _is_words,
        "words",
    ),
    "address": (
        (
            *("address(es)?", "c1", ".*address.*", "locations?", ".* locations?", "headquarters"),
            *("ad(d)?res(s)?e?", "(.* )?anschrift", "direcci[óo]n|domicilio|adreça", "indirizzo", "endereço|morada"),
            ".*(住所|所在地|地址|주소)",
        ),
        _is_words,
        "words",
    ),
    "postcode": (
        (
            *(
                "(.* )?(post(al)? ?codes?|zip( ?codes?)?)",
                "plz|postleitzahl|c ?p|code postal|c[óo]d(igo)? postal|cep|cap",
            ),
            *(
                "kod pocztowy|posta ?kodu?|psč|postnummer|postnr|postinumero|irányítószám|(почтовый )?индекс",
                ".*(郵便番号|邮编|邮政编码|우편번호)",
            ),
        ),
        is_post_code,
        "post codes",
    ),
    "year": (
        (
            *("year", "py", ".*year", "(.* )?(jahr|jaar|ann[ée]e|año|ano|anno|rok|år|y[ıi]l[ıi]?)", ".*(年|年度|연도)"),
            "(ال)?(سنة|عام)( .*)?",
        ),
        is_year,
        "years",
    ),
    "date": (
        ("date", ".*date", ".* (at|on)", "date .*", ".*datum", "(fecha|data|(ال)?تاريخ)( .*)?", ".*(日期|日|일자|일)"),
        is_date,
        "dates",
    ),
    "record": (
        (
            "(paper|article|publication|work) ?(doi|id|key)?",
            "doi",
            "(patent|application|appln|deal|round|record|event|grant|award|project) ?(id|no|number|nr)?",
            "id|uuid|eid|ut( unique wos id)?|lens id",
            "رقم (ال)?(طلب|براءة|[إا]يداع|تسجيل|ملف|بحث)( .*)?",
            f".*({_OFFICE}|課題|课题|課題|과제|案件) ?(番号|番號|編號|编号|号|號|번호)",
        ),
        bool,
        "ids",
    ),
    "listing": (
        (".*position.*", "(?!.*count).*sequence.*", "seq", "(author|inventor|invt) (seq )?(no|nr|number|order)"),
        _number(0, 100_000, whole=True),
        "whole numbers",
    ),
    "count": (
        (
            "(funding )?(deals|rounds)|patents|papers|publications|articles|works|records",
            "count|n|number",
            "number of .*",
            ".* count",
            "patente|anmeldungen|publikationen|artikel|projekte|förderungen|brevets|projets|proyectos|projetos|artículos",
            "(an)?zahl( .*)?|nombre( d.*)?|n[úu]mero de .*|(cantidad|quantidade|quantità|aantal|antal|liczba)( .*)?",
            "عدد( .*)?|(.* )?say[ıi]s[ıi]|adet",
            f"(({_OFFICE}|調達|投資|投资|融資|融资|투자) ?){{0,3}}(件数|件數|数量|數量|数|數|건수|수)",
        ),
        is_amount,
        "numbers",
    ),
    "organisation": (
        (
            ORGANISATION,
            "(company|start ?up)( name)?|firm|employer|empresa|entreprise|société|unternehmen|firma",
            APPLICANT,
            *(f"[şs]irket|(ال)?شركة|{_OWNER}", "name"),
        ),
        _is_words,
        "words",
    ),
    "field": (("field|category( code)?|sector|setor|industry|topic|subject", ".*category.*"), _is_words, "words"),
}
INITIALS = r"(?:-?[^\s.,;]{1,2}\. ?)+"  # of first names, as `J.-P.` and `Yu. V.`
_OLD_INITIALS = r", (?:-?\w{1,3}\. ?)+"  # behind a comma: Ito, H., RIKEN
# How addresses follow the names of their authors in one cell (Web of Science, Scopus): what divides the authors, what
# most parts look like, and what takes the address. Scopus names an author first, of whom a few have no initials.
BY_AUTHOR = (
    (AUTHORS_SPLIT, AUTHORS_PATTERN, AUTHORS_PATTERN, "the address after the authors of each bracket"),
    (
        *(";", rf"^[^,;]+(?:{_OLD_INITIALS}| {INITIALS}), (.*)$", rf"^[^,;]+(?:{_OLD_INITIALS})?, (.*)$"),
        "the affiliation after each author",
    ),
)
# Of columns that hold the same those of inventors and authors go first: by them records are counted.
is_of_inventors = re.compile(
    r".*(\b(inventors?|invt|authors?|inventeurs?|auteurs?|erfinder|autor(es|en)?|inventor[ea]s)\b|発明者|发明人|發明人|발명자|作者|著者).*"
).fullmatch
PLACES = ("lat", "lon", "country", "city", "region", "institution_id", "institution", "address")
