"""The printed letter and the fax say what was given, where an envelope and a fax machine need it."""

import logging
import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader
from pypdf.generic import DictionaryObject, PdfObject
from pytest_django import Settings

from letters.paper.pdf import Paper
from letters.paper.renderer import RenderingFailedError, Typeset
from letters.paper.sheets import FaxSheet, LetterSheet, Line, Sheet, fax_pdf, letter_pdf

ADDRESS = ("The Ambassador", "Embassy of the Russian Federation", "6/7 Kensington Palace Gardens", "London W8 4QP")
LETTER = LetterSheet(
    language="en",
    addressee_lines=ADDRESS,
    text="Dear Ambassador,\n\nplease release them.\n\nYours sincerely,",
    subject="The trial of the six",
    sender_lines=("Ada Lovelace", "Leeds"),
    date="21 November 2026",
    signatory_lines=("Ada Lovelace",),
)
FAX = FaxSheet(
    language="en",
    addressee_lines=ADDRESS,
    text=LETTER.text + "\n\nAda Lovelace",
    subject=LETTER.subject,
    sender_lines=("Ada Lovelace",),
    date=LETTER.date,
    number="+44 20 7946 0000",
)
# One sentence a script, each with the font that must have drawn it.
SCRIPTS = {
    "en": ("Release all six people without conditions.", "Noto-Serif"),
    "ru": ("Освободите всех шестерых: объём, съезд, ёлка.", "Noto-Serif"),
    "uk": ("Звільніть усіх шістьох: їжак, ґанок, єдність.", "Noto-Serif"),
    "kk": ("Алты адамды босатыңыз: әділет, құқық, өмір.", "Noto-Serif"),
    "tr": ("Altı kişiyi serbest bırakın: ışık, şiir, ağaç.", "Noto-Serif"),
    "el": ("Ελευθερώστε και τους έξι ανθρώπους.", "Noto-Serif"),
    "ka": ("გაათავისუფლეთ ექვსივე ადამიანი.", "Noto-Serif-Georgian"),
    "hy": ("Ազատ արձակեք բոլոր վեց մարդկանց։", "Noto-Serif-Armenian"),
    "hi": ("छह लोगों को रिहा करें।", "Noto-Serif-Devanagari"),
    "he": ("שחררו את ששת האנשים.", "Noto-Serif-Hebrew"),
    "am": ("ስድስቱን ሰዎች ይፍቱ።", "Noto-Serif-Ethiopic"),
    "th": ("ปล่อยตัวทั้งหกคน", "Noto-Serif-Thai"),
    "ar": ("أطلقوا سراح الستة جميعا.", "Noto-Naskh-Arabic"),
    "fa": ("هر شش نفر را آزاد کنید.", "Noto-Naskh-Arabic"),
}
POINTS_A_MM = 72 / 25.4
Box = tuple[float, float, float, float]
Word = tuple[float, float, float, float, str]
Printer = Callable[[Typeset], list[Word]]


@pytest.fixture
def words(tmp_path: Path) -> Printer:
    """Return a function that lists the words of a first page: left, top, right, bottom in millimetres, and the word."""

    def listed(document: Typeset) -> list[Word]:
        path = tmp_path / "sheet.pdf"
        path.write_bytes(document.pdf)
        command = ["pdftotext", "-l", "1", "-bbox", str(path), "-"]
        boxes = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        found = re.findall(r'<word xMin="(.+)" yMin="(.+)" xMax="(.+)" yMax="(.+)">(.*)</word>', boxes)
        edges = [[float(edge) / POINTS_A_MM for edge in box[:4]] for box in found]
        return [(x0, y0, x1, y1, box[4]) for (x0, y0, x1, y1), box in zip(edges, found, strict=True)]

    return listed


def text_of(document: Typeset) -> str:
    """Return the words of a PDF, blanks and line ends made equal."""
    pages = PdfReader(BytesIO(document.pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def fonts_of(document: Typeset) -> set[str]:
    """Return the names of the embedded fonts."""
    names = set()
    for page in PdfReader(BytesIO(document.pdf)).pages:
        for font in entries(entries(page)["/Resources"]["/Font"]).values():
            names.add(str(entries(font)["/BaseFont"]).partition("+")[2])
    return names


def entries(value: PdfObject | None) -> dict[str, Any]:
    """Return a dictionary of the PDF."""
    found = value.get_object() if value else None
    assert isinstance(found, DictionaryObject)
    return found


def test_a_letter_holds_every_word_that_was_given() -> None:
    text = text_of(letter_pdf(LETTER))

    for part in (*ADDRESS, "The trial of the six", "Dear Ambassador, please release them. Yours sincerely,", "Leeds"):
        assert part in text


@pytest.mark.parametrize("language", SCRIPTS)
def test_each_script_is_drawn_by_its_own_font(language: str) -> None:
    sentence, font = SCRIPTS[language]

    document = letter_pdf(LetterSheet(language, (), sentence, signed=False))

    assert font in fonts_of(document)
    assert document.problems == ()
    if language not in {"hi", "th", "ar", "fa", "he"}:  # their letters are reordered or joined on paper
        assert text_of(document) == sentence


@pytest.mark.parametrize("language", ["ru", "el", "ka", "hy", "hi", "ar"])
def test_a_fax_has_a_font_for_each_script_too(language: str) -> None:
    sentence, font = SCRIPTS[language]
    plain = font.replace("Noto-Serif", "Noto-Sans").replace("Noto-Naskh-Arabic", "Noto-Sans-Arabic")

    assert plain in fonts_of(fax_pdf(replace(FAX, language=language, text=sentence)))


@pytest.mark.parametrize(
    ("language", "text"),
    [("zh", "释放所有六个人。"), ("ja", "六人全員を釈放してください。"), ("ko", "여섯 명 모두 석방하라.")],
)
def test_chinese_japanese_and_korean_are_printed_where_their_font_is_installed(language: str, text: str) -> None:
    found = subprocess.run(
        ["fc-list", f":lang={language}", "family"], capture_output=True, text=True, check=True
    ).stdout
    letter = LetterSheet(language, (), text, signed=False)
    if found.strip():
        assert text.replace(" ", "") in text_of(letter_pdf(letter)).replace(" ", "")
    else:
        with pytest.raises(RenderingFailedError, match=r"No font has U\+"):
            letter_pdf(letter)


@pytest.mark.parametrize("text", ["<b>bold</b>", "<script>alert(1)</script>", "{{ sheet }} {% now 'Y' %}", "&lt;&#65;"])
def test_what_looks_like_markup_is_printed_as_it_was_typed(text: str) -> None:
    everywhere = replace(
        LETTER, text=text, subject=text, date=text, sender_lines=(text,), addressee_lines=(text,), signatory_lines=()
    )

    assert text_of(letter_pdf(everywhere)).count(text) == 5


def test_thousands_of_nested_tags_in_a_text_are_only_characters() -> None:
    assert text_of(letter_pdf(replace(LETTER, text="<b> " * 3_000))).count("<b>") == 3_000


def test_a_text_of_a_million_characters_is_refused() -> None:
    with pytest.raises(RenderingFailedError, match="too long"):
        letter_pdf(replace(LETTER, text="word " * 200_000))


@hypothesis.settings(deadline=None, max_examples=50)
@given(st.text(max_size=200))
def test_no_text_can_break_the_press(text: str) -> None:
    try:
        letter_pdf(replace(LETTER, text=text))
    except RenderingFailedError as failure:
        assert "No font has U+" in str(failure)  # noqa: PT017 - most texts do not fail


# What the window of an envelope shows of the sheet wherever it slides, and what it shows anywhere: left, top, right,
# bottom in millimetres. DL with the window of DIN 680; #10 with the usual window and the sheet folded at our marks.
WINDOWS: dict[Paper, tuple[Box, Box]] = {
    "A4": ((20, 50, 100, 90), (10, 45, 110, 95)),
    "letter": ((22.3, 63.5, 111.1, 86.3), (0, 57.8, 136.5, 92.1)),
}


@pytest.mark.parametrize("paper", WINDOWS)
@pytest.mark.parametrize("address", [ADDRESS, (*ADDRESS, "UNITED KINGDOM"), (*ADDRESS, "UNITED KINGDOM", "Europe")])
def test_the_window_of_the_envelope_shows_the_address_and_nothing_else(
    words: Printer, paper: Paper, address: tuple[str, ...]
) -> None:
    always, ever = WINDOWS[paper]
    placed = words(letter_pdf(replace(LETTER, addressee_lines=address), paper=paper))

    seen = [word for *box, word in placed if touches(box, ever)]
    whole = [word for *box, word in placed if lies_in(box, always)]
    assert seen == whole == " ".join(address).split()


def touches(box: list[float], other: Box) -> bool:
    """Say whether two boxes overlap."""
    return box[2] > other[0] and box[0] < other[2] and box[3] > other[1] and box[1] < other[3]


def lies_in(box: list[float], other: Box) -> bool:
    """Say whether a box lies inside another."""
    return box[0] >= other[0] and box[2] <= other[2] and box[1] >= other[1] and box[3] <= other[3]


@pytest.mark.parametrize("language", ["ar", "ru"])
def test_the_address_stands_in_the_window_whatever_the_direction_of_the_letter(words: Printer, language: str) -> None:
    placed = words(letter_pdf(replace(LETTER, language=language)))

    assert [x0 < 110 and 45 < y0 < 90 for x0, y0, *_, word in placed if word == "Kensington"] == [True]


def test_a_letter_from_nobody_has_lines_to_fill_in(words: Printer) -> None:
    blank = words(letter_pdf(replace(LETTER, sender_lines=(), date="", signatory_lines=())))

    assert [word for *_, word in blank].count("Lovelace") == 0
    assert " ".join(word for *_, word in blank).startswith(" ".join(ADDRESS))


def test_a_letter_of_one_page_has_no_number_and_a_longer_one_has() -> None:
    long = letter_pdf(replace(LETTER, text="\n\n".join(["A paragraph of the letter. " * 20] * 12)))

    assert "1 / 1" not in text_of(letter_pdf(LETTER))
    assert long.pages > 1
    assert f"2 / {long.pages}" in text_of(long)


def test_the_signature_does_not_stand_alone_on_a_page() -> None:
    for lines in range(20, 45):
        document = letter_pdf(replace(LETTER, text="A line.\n\n" * lines + "Yours sincerely,"))
        last = PdfReader(BytesIO(document.pdf)).pages[-1].extract_text()
        assert "Yours sincerely," in last
        assert "A line." in last


def test_paragraphs_are_cut_at_blank_lines_and_keep_their_own_line_breaks() -> None:
    sheet = replace(LETTER, text="Dear\r\n\r\none\r\ntwo\n \n\n  three\n")

    assert sheet.paragraphs == ["Dear", "one\ntwo", "three"]


def test_a_line_has_the_direction_of_its_first_letter() -> None:
    assert [Line(text).direction for text in ("12 Main St", "1 شارع", "«רחוב", "+7", "")] == [
        "ltr",
        "rtl",
        "rtl",
        "ltr",
        "ltr",
    ]


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("fa-IR", "rtl"), ("ur_PK", "rtl"), ("arn", "ltr")])
def test_the_direction_of_a_sheet_is_its_languages(language: str, direction: str) -> None:
    assert Sheet(language, (), "").direction == direction


def test_the_file_names_nobody() -> None:
    reader = PdfReader(BytesIO(letter_pdf(LETTER).pdf))

    assert {key: str(value) for key, value in (reader.metadata or {}).items()} == {"/Title": "Letter"}
    assert reader.xmp_metadata is None
    assert not list(reader.attachments)


def test_the_same_letter_is_the_same_file() -> None:
    assert letter_pdf(LETTER).pdf == letter_pdf(replace(LETTER)).pdf


def test_a_character_that_no_font_has_fails_in_strict_mode_and_is_logged_otherwise(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    boxed = replace(LETTER, text="A box: \U000f0000")
    with pytest.raises(RenderingFailedError, match=r"No font has U\+F0000"):
        letter_pdf(boxed)

    settings.PDF_STRICT = False
    with caplog.at_level(logging.WARNING):
        assert letter_pdf(boxed).pages == 1
    assert caplog.messages == ["PDF from pdf/letter.html: No font has U+F0000"]


# ── Fax ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_fax_says_to_whom_from_whom_and_how_many_pages() -> None:
    document = fax_pdf(replace(FAX, text="\n\n".join(["A paragraph of the letter. " * 20] * 12)))
    first, *others = (" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(document.pdf)).pages)

    for part in (*ADDRESS, "+44 20 7946 0000", "From Ada Lovelace", "21 November 2026", "Pages 3", "1 / 3"):
        assert part in first
    assert document.pages == 3
    assert all("Ada Lovelace · +44 20 7946 0000" in page for page in others)


def test_a_fax_holds_every_word_of_the_text() -> None:
    assert "Dear Ambassador, please release them. Yours sincerely, Ada Lovelace" in text_of(fax_pdf(FAX))


@pytest.mark.parametrize("paper", ["A4", "letter"])
def test_a_fax_is_black_on_white_and_stays_off_the_edges(tmp_path: Path, paper: Paper) -> None:
    path = tmp_path / "fax.pdf"
    path.write_bytes(fax_pdf(FAX, paper=paper).pdf)
    command = ["pdftoppm", "-r", "100", "-aa", "no", "-aaVector", "no", "-png", "-singlefile"]
    subprocess.run([*command, str(path), str(tmp_path / "fax")], check=True)

    with Image.open(tmp_path / "fax.png") as picture:
        colours = {colour for _, colour in picture.convert("RGB").getcolors(1000) or []}
        left, top, right, bottom = picture.convert("L").point(lambda value: 255 - value).getbbox() or (0, 0, 0, 0)
        millimetres = [edge * 0.254 for edge in (left, top, picture.width - right, picture.height - bottom)]

    assert colours == {(0, 0, 0), (255, 255, 255)}
    assert min(millimetres) > 9


def test_a_fax_in_arabic_is_set_from_right_to_left(words: Printer) -> None:
    placed = words(fax_pdf(replace(FAX, language="ar")))

    assert [x0 > 105 for x0, *_, word in placed if word == "FAX"] == [True]
