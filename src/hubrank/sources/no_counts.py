"""Names of columns whose numbers are no counts: ranks, shares, rates, changes, inhabitants, codes, places, years."""

import re
import unicodedata
from collections.abc import Iterable

_PART = r"[^\W_]*"  # of a word, before its end
# Ranks and places in a ranking, in the same languages.
_RANKS = f"""rank|ranks|ranking|rangs?|classement|rango|puesto|posici[óo]n|clasificaci[óo]n|posi[çc][ãa]o
|classifica[çc][ãa]o|posizione|graduatoria|({_PART}s)?rang|{_PART}rangplatz|platz|positie|ranga|pozycja
|s[ıi]ra(s[ıi]|lamas?[ıi]?)|(و?ال)?(ترتيب|رتبة|مرتبة)""".replace("\n", "")
_EAST_ASIAN_RANKS = "順位|排位|位次|排名|名次|ランキング|ランク|순위|랭킹"
# Words of English, French, Spanish, Portuguese, Italian, German, Dutch, the Nordic languages, Turkish, Arabic and
# Polish; in German, Dutch and the Nordic languages they may end a longer word (Marktanteil). A part of a name that is a
# year alone, such as 令和5年, says of when counts are.
_WORDS = f"""{_RANKS}|score|shares?|rates?|ratio|growth|pct|percent|percentage|previous|interval|per
|intensity|population|inhabitants|lat|lon|latitude|longitude|year|edition|area|km2|taux|pourcentage|croissance|évolution|variation|habitants?|densit[ée]|superficie
|ann[ée]e|indice|pr[ée]c[ée]dente?
|cuota|tasa|proporci[óo]n|proportion|porcentaje|participaci[óo]n|crecimiento
|variaci[óo]n|poblaci[óo]n|habitantes?|densidad|[áa]rea|año|latitud|longitud|[íi]ndice|puntuaci[óo]n|puntaje|c[óo]digo
|anterior
|quota|taxa|propor[çc][ãa]o|percentagem|porcentagem|percentual|participa[çc][ãa]o
|crescimento|varia[çc][ãa]o|popula[çc][ãa]o|densidade|[áa]rea|pontua[çc][ãa]o
|tasso|proporzione|percentuale|incidenza|crescita|variazione|popolazione|abitanti|densit[àa]|anno
|latitudine|longitudine|punteggio|codice|precedente
|({_PART}s)?(rate|andel|dichte)|{_PART}(anteile?|quote|wachstum|ver[äa]nderung|bev[öo]lkerung|fl[äa]che)
|{_PART}(einwohner|einwohnerzahl|aandeel|groei|verandering|bevolking|inwoners|oppervlakte)
|{_PART}(tillv[äa]xt|vekst|v[æa]kst|befolkning|inv[åa]nare|innbyggere|indbyggere)
|prozent|kopf|jahr|vorjahr|breite(ngrad)?|l[äa]ngengrad|schl[üu]ssel|jaar|år
|n[üu]fus[uü]?|y[üu]zde(si)?|oran(lar)?[ıi]|pay(lar)?[ıi]|de[ğg]i[şs]imi?|art(ış[ıi]?|[ıi][şs][ıi])
|b[üu]y[üu]me(si)?|yo[ğg]unlu[kğg]u?|ba[şs][ıi]na|[ei]ndeks(ler)?i?|puan(lar)?[ıi]|ortalama(s[ıi])?|[öo]nceki
|y[üu]z[öo]l[çc][üu]m[üu]?|enlem|boylam|kodu|kodlar[ıi]?
|(و?ال)?(سكان|نسمة|نسبة|نسب|معدل|حصة|مؤشر|نمو|تغي[ّ]?ر|كثافة|مساحة|متوسط|رمز)|لكل|خط العرض|خط الطول
|udzia[łl]|odsetek|wska[źz]nik|wzrost|zmiana|ludno[śs][ćc]|mieszka[ńn]c(y|[óo]w)""".replace("\n", "")
# Words that say so at the end of a name alone, as something else may be counted that is called so: zip code, but code
# repositories; change since 2020, but climate change patents; part des brevets, but spare parts makers.
_LAST = r"change|code|kod|id|index|density|parts?|hab|ano|rok"
# At the end of a name where another name of the table is Turkish: elsewhere pay is a word of English, Oran a city.
_TURKISH = re.compile(r"(?:^|[\W_])(?:s[ıi]ra|oran|pay|art[ıi][şs]|puan)(lar)?(?:[\W_]+no)?[\W\d_]*$", re.IGNORECASE)
# IL is Illinois or Israel, il a province; ilce is a district of one.
_IS_TURKISH = re.compile(
    r"[ığşİĞŞ]|(?:^|[\W_])(?:[Nn]ufus|[Şş]ehir|[Ss]ehir|[Yy]il|[Yy]uzde|[Ii]lce(?:ler)?|[Ss]ayisi)(?:[\W_]|$)"
    r"|^(?:il|Il)(?:[\W_]adi)?$"
)
_OPENING = r"change[\W_]+(in|since|from|vs|over|to)|parts?[\W_]+(de|du|des|d|en)"
# Japanese, Chinese and Korean: words that a name has anywhere, has at its end or before a sign, or is.
_ANYWHERE = f"""{_EAST_ASIAN_RANKS}|構成比|构成比|割合|比率|比例|シェア|占有|占比
|比重|份额|份額|百分|パーセント|구성비|비율|비중|점유|퍼센트|増減|伸び|增长|增長|增减|增減|增速|同比|环比|環比|前年
|前期|上年|去年|증감|증가|감소|성장률|성장율|전년|대비|人口|世帯|인구|세대수|当たり|当り|あたり|人均|每万人|每百万
|1인당|명당|平均|평균|密度|밀도|面積|面积|면적|緯度|経度|纬度|经度|經度|위도|경도|スコア|得点|得分|评分|점수|指数
|지수|偏差値""".replace("\n", "")
_AT_END = "率|比|(?<!법)[율률]|コード|코드|代码|代碼|编码|編碼|番号|番號|序号|序號|編號|编号|連番|번호|연번|순번"
_WHOLE = "y[ıi]l[ıi]?|(?:ال)?(?:سنة|عام)|年|年度|年次|年份|西暦|연도|년도|년"
_NO_COUNTS = re.compile(
    rf"%|(?:^|[\W_])(?:(?:{_WORDS}|{_OPENING})(?:[\W_]|$)|(?:{_LAST})[\W\d_]*$)|{_ANYWHERE}|(?:{_AT_END})(?:[\W_\d]|$)|^\W*(?:{_WHOLE})\W*$",
    re.IGNORECASE,
)

_IS_RANK = re.compile(rf"[\W\d_]*({_RANKS}|{_EAST_ASIAN_RANKS})[\W\d_]*", re.IGNORECASE)


def is_no_count(name: str, names: Iterable[str] = ()) -> bool:
    """Say whether a word of a column's name, in whatever width it is written, says that it holds no counts.

    names : of the table's columns, for words that say so in one language alone.
    """
    narrow = unicodedata.normalize("NFKC", name)
    if _NO_COUNTS.search(narrow):
        return True
    return bool(_TURKISH.search(narrow)) and any(_IS_TURKISH.search(other) for other in names)


def is_rank(name: str) -> bool:
    """Say whether a column is called a rank, and no more than that but a year or a sign: Rang, Rank (2023), 順位."""
    return _IS_RANK.fullmatch(unicodedata.normalize("NFKC", name)) is not None
