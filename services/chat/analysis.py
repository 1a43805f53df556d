"""From text to the terms that retrieval compares: one analyser for the index and the question.

Accents folded, ñ kept; Spanish snowball stems; stop words dropped; numbers, CUIT and article numbers
whole. Whatever changes here changes ANALYSIS_VERSION: an index that another analyser made is rebuilt.
"""

from __future__ import annotations

import functools
import re
import threading
import unicodedata
from collections.abc import Iterable

import snowballstemmer

ANALYSIS_VERSION = "es-5"
GRAM = 4

# A number keeps what it is written with: 1.234,56  30-70707070-7  21%
_TOKEN = re.compile(r"\d+(?:[.,/-]\d+)*%?|[^\W\d_]+")
_STOPPED = """
a al algo algun alguna algunas alguno algunos ante antes aquel aquella aquellas aquellos aqui asi aun aunque
bajo bien cada casi como con contra cual cuales cualquier cuando cuanta cuantas cuanto cuantos cuya cuyas cuyo
cuyos de del desde donde dos durante e el ella ellas ellos en entre era eran es esa esas ese eso esos esta
estaba estaban estan estar estas este esto estos estoy fue fueron ha habia hace hacen hacer hacia han hasta
hay he hemos hoy ir la las le les lo los luego mas me mi mientras mis misma mismas mismo mismos mucha muchas
mucho muchos muy nada ni ningun ninguna no nos nosotros nuestra nuestras nuestro nuestros nunca o os otra
otras otro otros para pero poca poco pocos por porque pues puede pueden puedo que quien quienes se sea sean
segun ser si sido siempre sin sino sobre solo son soy su sus tal tambien tan tanta tanto te tenemos tener
tengo ti tiene tienen todo toda todas todos tu tus u un una unas uno unos usted ustedes va vamos van varias
varios vez veces voy y ya yo decime dame explicame explica quiero necesito saber significa llama podes podria
hago hice hizo hicieron hacemos algun tenga tengan mio mia mios mias dice dicen digo dio doy di dado pongo pone ponen
quiere quieren queria hola sos gracias chau adios buenas
the of is are was were what how do does did in to and for an which when where who why it this that with on be can
i my should must many much there have has been from by at we our you your t s hello hi thanks please
"""
STOP_WORDS = frozenset(_STOPPED.split())
# What people call one thing; every word of a row becomes the row's first.
_SYNONYMS = {
    word: row.split()[0]
    for row in (
        "asiento asientos registracion registraciones",
        "registrar registra registran contabilizar contabiliza asentar asienta anotar anota",
        "arca afip",
        "sueldo sueldos salario salarios haberes remuneracion remuneraciones jornal jornales",
        "amortizacion amortizaciones depreciacion depreciaciones",
        "amortizar amortiza depreciar deprecia",
        "mercaderia mercaderias mercancia mercancias",
        "rodado rodados vehiculo vehiculos automovil automoviles camioneta",
        "ganancia ganancias utilidad utilidades",
        "perdida perdidas quebranto quebrantos",
        "empleado empleados trabajador trabajadores",
        "intereses interes",
    )
    for word in row.split()
}
# The stemmer knows its endings by their accents, and half of those who ask write none: all lose theirs, and
# these endings get it back.
_ACCENTED = ((re.compile(r"([cs])ion$"), r"\1ión"), (re.compile(r"ia(s|n|mos)?$"), r"ía\1"))
# The stemmer leaves the plural of short words.
_PLURAL = re.compile(r"(..[aeiou])s$")
# Whole words: reingresos brutos are no tax.
_PHRASES = tuple((phrase, re.compile(rf"\b{phrase}\b"), short) for phrase, short in (
    ("impuesto al valor agregado", "iva"), ("ingresos brutos", "iibb"),
))
_UNACCENTED = str.maketrans("áéíóúüàèìòùâêîôûç", "aeiouuaeiouaeiouc")
_stemmer = snowballstemmer.stemmer("spanish")
# A stemmer works on a word that it keeps in itself: two threads at once would mix theirs, and `_term` remember it.
_stemming = threading.Lock()


def fold(text: str) -> str:
    """Return `text` in lower case without accents; ñ stays, for año is not ano."""
    folded = text.lower().translate(_UNACCENTED)
    return folded if folded.isascii() else _decomposed(folded)


def _decomposed(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.replace("ñ", "\0"))
    return "".join(char for char in decomposed if not unicodedata.combining(char)).replace("\0", "ñ")


def terms(text: str) -> list[str]:
    """Return the terms of a text in order: stems without accents, numbers as written."""
    return terms_of(words(text))


def terms_of(written: Iterable[str]) -> list[str]:
    """Return the terms of words in order."""
    return [term for word in written if (term := _term(word))]


def words(text: str) -> list[str]:
    """Return the words and numbers of a text in lower case, accents kept."""
    lowered = unicodedata.normalize("NFKC", text).lower()
    for phrase, whole, short in _PHRASES:
        if phrase in lowered:
            lowered = whole.sub(short, lowered)
    return _TOKEN.findall(lowered)


@functools.lru_cache(maxsize=16_384)
def _term(word: str) -> str:
    """Return a word's term, or nothing for a stop word."""
    folded = fold(word)
    if folded in STOP_WORDS:
        return ""
    if folded[0].isdigit():
        return folded
    spelled = _accented(_SYNONYMS.get(folded, folded))
    with _stemming:
        stem = _stemmer.stemWord(spelled)
    return _PLURAL.sub(r"\1", fold(stem))


def _accented(folded: str) -> str:
    for ending, written in _ACCENTED:
        folded = ending.sub(written, folded)
    return folded


def grams(term: str) -> list[str]:
    """Return the 4-grams within a term, its ends marked; they still match where letters are wrong."""
    marked = f"<{term}>"
    return [marked[start : start + GRAM] for start in range(max(len(marked) - GRAM + 1, 1))]
