"""A first study of files in Arabic and Turkish: names of columns and files, digits, and what is no place."""

import pytest
import xlsxwriter

from analysis.test_new_study import columns, written
from hubrank.core.errors import DataError

ARABIC = ("الرياض", "جدة", "دبي", "الدوحة", "القاهرة", "تونس", "الرباط", "عمان", "بيروت", "بغداد")
LANDS = ("السعودية", "السعودية", "الإمارات", "قطر", "مصر", "تونس", "المغرب", "الأردن", "لبنان", "العراق")
TURKISH = ("İstanbul", "Ankara", "İzmir", "Bursa", "Konya", "Antalya", "Kayseri", "Adana", "Samsun", "Trabzon")


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "files"
    path.mkdir()
    return path


def of_study(folder, tmp_path, name, header, rows):
    (folder / name).write_text("\n".join([header, *rows]), "utf-8")
    new, summary, study = written(folder, tmp_path)
    return columns(new), summary["sources"][0], study


def test_the_number_of_an_application_in_arabic_is_the_record_of_its_rows(folder, tmp_path):
    rows = [
        f"{50000 + n // 2};2{n % 8}/01/2022;{town};{land}"
        for n, (town, land) in enumerate(zip(ARABIC, LANDS, strict=True))
        for _ in "12"
    ]
    read, source, _ = of_study(folder, tmp_path, "براءات.csv", "رقم الطلب;تاريخ الإيداع;المدينة;الدولة", rows)
    assert read == {"record": "رقم الطلب", "year": "تاريخ الإيداع", "city": "المدينة", "country": "الدولة"}
    assert source["metric"] == "patents"


@pytest.mark.parametrize(
    "day", ["١٩ نوفمبر ٢٠٢٣", "١ كانون الثاني ٢٠٢٣", "۱۹ آذر ۲۰۲۳", "19 نوفمبر 2023", "१२ मई २०२३"]
)
def test_the_year_of_a_date_with_a_month_in_arabic_or_hindi_is_read(folder, tmp_path, day):
    rows = [f"{day};{town};{land}" for town, land in zip(ARABIC, LANDS, strict=True)]
    read, source, study = of_study(folder, tmp_path, "براءات.csv", "تاريخ النشر;المدينة;الدولة", rows)
    assert (read["year"], source["rows_kept"]) == ("تاريخ النشر", 10)
    assert study["windows"] == {"patents": [2023, 2023]}


def test_counts_in_arabic_digits_are_the_counts_of_a_first_study(folder, tmp_path):
    rows = [f"{town};{land};٢٠٢٢;٢٬٧{n}٠" for n, town, land in zip("٠١٢٣٤٥٦٧٨٩", ARABIC, LANDS, strict=True)]
    read, source, _ = of_study(folder, tmp_path, "بيانات.csv", "المدينة;الدولة;السنة;عدد المنشورات", rows)
    assert read == {"city": "المدينة", "country": "الدولة", "year": "السنة", "count": "عدد المنشورات"}
    assert (source["metric"], source["rows_kept"]) == ("publications", 10)


def test_an_institution_in_turkish_and_its_year_are_known_by_their_names(folder, tmp_path):
    rows = [f"P{n // 2:04};2022;{town} Üniversitesi, {town}, Türkiye" for n, town in enumerate(TURKISH * 2)]
    read, source, _ = of_study(folder, tmp_path, "yayınlar.csv", "Yayın No;Yıl;Kurum", rows)
    assert (read["institution"], read["year"]) == ("Kurum", "Yıl")
    assert source["metric"] == "publications"


@pytest.mark.parametrize(
    ("name", "metric"),
    [("brevets_oapi", "patents"), ("yatırımlar", "deals"), ("yatirimlar", "deals"), ("makaleler", "publications")],
)
def test_a_metric_is_named_by_a_word_of_french_or_turkish(folder, tmp_path, name, metric):
    rows = [f"{town};Türkiye;2022" for town in TURKISH]
    _, _, study = of_study(folder, tmp_path, f"{name}.csv", "Şehir;Ülke;Tarih", rows)
    assert study["sources"][0]["metric"] == metric


def test_an_export_of_patents_names_no_family_of_offices_as_a_country_and_no_count_as_a_sequence(folder, tmp_path):
    header = (
        "Lens ID,Publication Year,Application Number,Applicants,City,Has Full Text,Simple Family Member Jurisdictions,"
        "Sequence Count"
    )
    rows = [f"{n:03}-1,2022,MA {n} W,X,{town},yes,MA,0" for n, town in enumerate(TURKISH)]
    read, source, _ = of_study(folder, tmp_path, "export.csv", header, rows)
    assert read.keys() & {"country", "listing"} == set()
    assert source["metric"] == "patents"


@pytest.mark.parametrize(
    "name", ["Applicants", "Assignees", "Current Assignee", "Anmelder", "Déposants", "Başvuru sahibi"]
)
def test_applicants_of_patents_are_organisations_and_their_seats_where_nothing_else_is_a_place(folder, tmp_path, name):
    applicants = [f"FIRM {n} AG;;UNIV {town.upper()}" for n, town in enumerate(TURKISH)]
    rows = [f"{n:03}-1,2022,MA {n} W,{each},yes" for n, each in enumerate(applicants)]
    read, _, study = of_study(
        folder, tmp_path, "export.csv", f"Lens ID,Publication Year,Application Number,{name},Full", rows
    )
    assert {read["organisation"], read["institution"]} == {name}
    of = study["sources"][0]["columns"]
    assert of["organisation"] == of["institution"] == {"from": name, "split": ";"}


@pytest.mark.parametrize(
    "form", ["{day} अप्रैल, {year}", "अप्रैल {day}, {year}", "Monday, {day} May, {year}", "{day} April, {year}"]
)
def test_the_year_of_dates_with_commas_and_a_month_in_words_is_read(folder, tmp_path, form):
    dates = [form.format(day=1 + n, year=2019 + n % 3) for n in range(10)]
    rows = [f'{n},{town},Türkiye,"{date}"' for n, (town, date) in enumerate(zip(TURKISH, dates, strict=True))]
    _, _, study = of_study(folder, tmp_path, "patents.csv", "id,city,country,filed", rows)
    assert study["sources"][0]["columns"]["year"]["from"] == "filed"
    assert study["windows"] == {"patents": [2019, 2021]}


def test_applicants_do_not_locate_where_a_town_does(folder, tmp_path):
    rows = [f"{n:03}-1,2022,UNIV {town},{town},Türkiye" for n, town in enumerate(TURKISH)]
    read, _, _ = of_study(folder, tmp_path, "export.csv", "Lens ID,Publication Year,Applicants,City,Country", rows)
    assert (read["city"], read.get("institution")) == ("City", None)


def test_applicants_do_not_locate_where_another_column_may_hold_towns_or_countries_of_inventors(folder, tmp_path):
    header = "Publication Number,Application Date,Applicants,"
    lived = [*TURKISH[:4], *(f"Qzxw {n}" for n in range(8))]
    for name, of_persons in (("Residence", lived), ("Inventors", [f"SMITH {n} [DE]" for n in range(12)])):
        rows = [f"EP{n:06},2022-01-0{1 + n % 9},FIRM {n} AG,{value}" for n, value in enumerate(of_persons)]
        (folder / "export.csv").write_text("\n".join([header + name, *rows]), "utf-8")
        with pytest.raises(DataError, match="no column looks like a place") as refused:
            written(folder, tmp_path / name)
        assert (f"of '{name}' are names of towns in" in str(refused.value)) == (name == "Residence")


def test_applicants_that_nothing_divides_are_no_organisations(folder, tmp_path):
    rows = [f"{n:03}-1,2022,FIRM {n} AG;;BASF SE,{town},Türkiye" for n, town in enumerate(TURKISH)]
    read, _, _ = of_study(folder, tmp_path, "export.csv", "Lens ID,Publication Year,Applicants,City,Country", rows)
    assert (read["city"], read.get("organisation")) == ("City", None)


@pytest.mark.parametrize(("sheets", "named"), [(("Patent", "Faydalı Model"), True), (("2022", "2023"), False)])
def test_sheets_of_one_header_are_named_where_years_do_not_name_them(folder, tmp_path, sheets, named):
    with xlsxwriter.Workbook(folder / "iller.xlsx") as book:
        for sheet in sheets:
            page = book.add_worksheet(sheet)
            for at, row in enumerate(
                [("Şehir", "Ülke", "Yıl", "Sayısı"), *((town, "TR", 2022, 7) for town in TURKISH)]
            ):
                page.write_row(at, 0, row)
    new, _, _ = written(folder, tmp_path)
    sentence = f"the sheets {sheets[0]!r}, {sheets[1]!r} have one header and are read as one table."
    assert any(note.startswith(sentence) for note in new.drafts.sources[0].notes) == named
