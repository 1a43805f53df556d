"""How Spanish says things, as far as the check of answers must know: one thing in several words, and contraries.

The tables are data: a row more is a sentence less that is misunderstood. Words are written as people write them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from services.chat.analysis import fold, terms
from services.chat.numerals import in_digits

# Phrases that say one thing, in lower case without accents; in this order, the longer ones first.
_PHRASES = tuple(
    (re.compile(rf"\b(?:{phrase})(?!\w)"), said) for phrase, said in (
        (r"debe(?:,| y| o| ni) (?:el )?haber", "debita y acredita"),
        (r"(?:en el|al|del) debe|debe ?:", "debita "),
        (r"(?:en el|al|del) haber|haber ?:", "acredita "),
        (r"debitos?", "debitum"),  # the noun: débito fiscal is no debit
        (r"se carga|cargan|cargar(?:se)?", "se debita"),
        (r"ingresa(?:n|r|rse)?|abona(?:n|r|rse)?", "paga"),
        (r"no (?:solo|solamente|unicamente)", ""),
        (r"(?:da|dan|dar|darse|dado|dada) de baja|a lo largo de|en (?:este|ese|todo|cada|tal|dicho) caso", ""),
        (r"por ejemplo|en cambio|sin embargo|por el contrario|es decir|o sea|entre otr[oa]s(?: casos)?(?=,)", ""),
        (r"(?:el|la|los|las) mism[oa]s? que", "identico"),
        (r"en caso de", "si"),
        (r"a partir de", "desde"),
        (r"al contado", "alcontado"),
        (r"arts?", "articulo"),
        (r"kms?", "kilometros"),
        (r"kgs?", "kilos"),
        (r"hs|hrs?", "horas"),
        (r"(?:al|por lo) menos|como minimo|no menos del?|(?:un )?minimo del?", "minimo"),
        (r"como maximo|a lo sumo|no mas del?|(?:un )?(?:maximo|tope) del?|hasta(?= (?:\w+ ){0,3}[$\d])", "maximo"),
        (r"mas del?|(?:mayor|superior)(?:es)? (?:al?|del?|que)|supera\w*|exced\w+", "mayor"),
        (r"menos del?|(?:menor|inferior)(?:es)? (?:al?|del?|que)", "menor"),
        (r"antes|previ[oa]s?|previamente", "anterior"),
        (r"despues|luego de|siguientes?|proxim[oa]s?", "posterior"),
        (r"mism[oa](?= (?:dia|semana|mes|año|ejercicio|periodo))", "identico"),
        (r"(?:por|cada|por cada|al) dia(?! de)", "diario"),
        (r"(?:por|cada|por cada|a la) semana", "semanal"),
        (r"(?:por|cada|por cada|al) mes", "mensual"),
        (r"(?:por|cada|por cada|al) bimestre", "bimestral"),
        (r"(?:por|cada|por cada|al) trimestre", "trimestral"),
        (r"(?:por|cada|por cada|al) semestre", "semestral"),
        (r"(?:por|cada|por cada|al) año", "anual"),
        (r"restando(?: a| de)?|se le? resta", "menos"),
    )
)
_LETTER = re.compile(r"\b(facturas?|notas? de (?:credito|debito)|comprobantes?|recibos?) ([abcmxe])\b")
# Words for one thing; each stands for the first of its row. Only what is the same whatever it is said of.
_ALIKE = """
alicuota tasa
reemplaza sustituye
surge proviene deriva
representa muestra refleja expresa
reparte distribuye
aumenta crece sube incrementa
disminuye baja reduce decrece
impuesto tributo
exige requiere necesita
incluye comprende abarca
conserva guarda archiva
comienza empieza inicia
termina finaliza concluye
alcanza llega
obligatorio obligatoria
optativo opcional voluntario facultativo
"""
# Words that say nothing of the matter, as they are written: a stem would take importaciones for importe.
_EMPTY = """
cuenta cuentas empresa empresas forma formas manera modo tipo tipos momento ejemplo decir indica indican menciona
mencionan establece establecen señala según pasaje pasajes texto importe importes monto montos cantidad operación
operaciones concepto conceptos además entonces así dicho dicha dichos dichas respectivo respectiva respectivos
corresponde corresponden correspondiente correspondientes realiza realizan realizar realizarse efectúa efectúan
efectuar utiliza utilizan utilizar usa usan usar considera consideran trata existe existen queda quedan resulta
resultan lugar través mediante debido razón motivo efecto generalmente normalmente habitualmente usualmente lleva
llevan tener dar hacer hacerse llamado llamada llaman denomina denominan denominado denominada igual ambos ambas
respecto plazo persona personas registra registran registrar registrarse registrado necesario importante recordar
contable contablemente contabilidad equivale equivalen significa significan obtiene obtienen obtener finalmente
suele suelen consiste consisten luego alguien primero primeramente trámite proceso simplemente básicamente
"""
# Sides that shut each other out: where one is said, another must not be what the evidence says. The first row is the
# one that a list goes on with: se debita por A y por B.
_RIVALS = """
debita | acredita
debitum | crédito
activo | pasivo
deudor deudora | acreedor acreedora
aumenta | disminuye
compra comprado | venta vendido
comprador | vendedor
ingreso | egreso
ganancia | pérdida
cobra cobro | paga pago
cliente | proveedor
mayor | menor
máximo | mínimo mayor
mínimo | menor
mejor | peor
anterior | posterior | idéntico
primer | último
inicial | final
trabajador | empleador
bruto | neto
directo | indirecto
fijo | variable
obligatorio | optativo
grande | pequeño chico
largo | corto
interno | externo
propio | ajeno
positivo | negativo
acepta | rechaza
entrada | salida
costo | precio
nacional | provincial | municipal
alcontado | crédito
gravado | exento
devengado | percibido
físico | jurídico
diario | semanal | quincenal | mensual | bimestral | trimestral | cuatrimestral | semestral | anual
"""
# What tells which of two is more, earlier or goes into the other, and what says the same of them turned round.
TURNED = {
    "men": "", "divid": "", "pas": "", "reemplaz": "", "mayor": "menor", "menor": "mayor", "anterior": "posterior",
    "posterior": "anterior",
}

_TOKEN = re.compile(r"u\$s|[$%]|\d+(?:[.,]\d+)*|[^\W\d_]+")
# The first ends a statement, the second may go on with it. A que that belongs to the word before it ends nothing.
_WITH_QUE = (
    " lo| la| el| los| las| hay|tiene|tienen| mas|menos|mayor|menor| ya|siempre|mientras| para| sin|terior| desde"
)
_END = re.compile(
    r"[;:]|\s[-–—]\s|\s(?=(?:pero|mientras que|aunque|salvo|excepto)\s)|"
    + "".join(f"(?<!{word})" for word in _WITH_QUE.split("|")) + r"\s(?=que\s)"
)
# Bienes y servicios are one thing: a plural right behind the y begins no statement.
_PAUSE = re.compile(r",(?!\d)|\s(?=(?:y|e|o|ni)\s)(?!\w+ (?!(?:los|las|sus|es|mas|menos|unos|unas)\b)\w+s\b)")


def _split(words: str) -> frozenset[str]:
    return frozenset(words.split())


PREPOSITIONS = _split("a al por de del en con para desde sobre contra entre sin")
DENIALS = _split("no nunca jamas ni tampoco ningun ninguna ninguno sin nadie nada")
# Behind a no they deny nothing more: no se fecha ningún asiento.
DENIED_AGAIN = _split("ningun ninguna ninguno nadie nada")
MODALS = _split("debe deben debera deberan puede pueden podra podran")
# Which go with a number and are no words of their own.
UNITS = _split(
    "dia dias mes meses año años hora horas minuto minutos semana semanas quincena quincenas bimestre bimestres"
    " trimestre trimestres semestre semestres cuota cuotas peso pesos centavo centavos dolar dolares euro euros punto"
    " puntos kilometro kilometros kilo kilos litro litros metro metros hoja hojas pagina paginas"
)
UNITS_BEFORE = {"$": "peso", "u$s": "dolar"}
_DETERMINERS = _split("el la los las lo un una unos unas su sus")
_ADDING = _split("y e o ni tambien ademas pero")
_IS = _split("es son esta estan tiene tienen hay fue era sera")
# A piece that begins so belongs to the one before it: y la reducida, del 10,5 %.
_JOINED = _split("a al de del en para")
# What opens a clause that ends where another verb comes, with or without a comma; so many words it has at least.
_OPENERS = _split("que al cuando si para como quien")
_OPENED_MIN = 2
# What holds for a whole sentence.
_RESTRICTIONS = {
    "only": re.compile(r"\b(?:solo|solamente|unicamente|exclusivamente|nada mas que)\b"),
    "conceded": re.compile(r"\b(?:aunque|salvo|excepto|a menos que)\b"),
    "always": re.compile(r"\b(?:siempre(?! que)|en todos los casos|en cualquier caso|invariablemente)\b"),
    "any": re.compile(r"\b(?:siempre|todo|toda|todos|todas|cada|cualquier\w*)\b"),
    "must": re.compile(r"\b(?:deben?|debera[n]?|tienen? que|hay que|obligatori\w+|obligad\w+)\b"),
    "may": re.compile(r"\b(?:pueden?|podra[n]?|optativ\w+|opcional\w*|facultativ\w+)\b"),
}
_EMPTY_WORDS = _split(fold(_EMPTY))


def canonical(word: str) -> str:
    """Return a word's term, the first of its row where others say the same; "" for a word that says nothing."""
    if word in _EMPTY_WORDS:
        return ""
    term = _term(word)
    return _FIRST.get(term, term)


def _term(word: str) -> str:
    """Return a word's term with the stem that its other forms have: renueva and renovar, cierra and cerrar."""
    return "".join(terms(word)).replace("ue", "o").replace("ie", "e")


_ROWS = [[_term(word) for word in row.split()] for row in _ALIKE.strip().splitlines()]
_FIRST = {term: row[0] for row in _ROWS for term in row[1:]}


def _sides() -> Iterator[list[frozenset[str]]]:
    for row in _RIVALS.strip().splitlines():
        yield [frozenset(canonical(word) for word in side.split()) for side in row.split("|")]


def _shut_out() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for row in _sides():
        for side in row:
            others = frozenset[str]().union(*(other for other in row if other != side))
            for term in side:
                found[term] = found.get(term, frozenset()) | others - {term}
    return found


# What each side of a contrary shuts out.
SIDES = _shut_out()
DEBIT_CREDIT = frozenset[str]().union(*next(_sides()))


def prepared(sentence: str) -> str:
    """Return a sentence in lower case without accents, its numbers in digits and its phrases in one form."""
    said = _LETTER.sub(r"\1 \2\2\2letra", in_digits(fold(sentence)))
    for phrase, meant in _PHRASES:
        said = phrase.sub(meant, said)
    return said


def restrictions_in(said: str) -> frozenset[str]:
    """Return how a prepared sentence restricts what it says: only, conceded, always, any, must, may."""
    return frozenset(name for name, words in _RESTRICTIONS.items() if words.search(said))


def pieces(said: str) -> list[tuple[list[str], bool]]:
    """Return the tokens of each statement of a prepared sentence, and whether it goes on with the one before it.

    What has no term of its own, or only adds to the last, is joined to it.
    """
    found: list[tuple[list[str], bool]] = []
    for statement in _END.split(said):
        for place, raw in enumerate(_PAUSE.split(statement)):
            tokens, rest = _clause(_TOKEN.findall(raw))
            if found and tokens and (tokens[0] in _JOINED or not _has_term(tokens) or not _has_term(found[-1][0])):
                found[-1][0].extend(tokens)
            elif tokens:
                found.append((tokens, place > 0 and _goes_on(tokens)))
            if rest:
                found.append((rest, False))
    return found


def _clause(tokens: list[str]) -> tuple[list[str], list[str]]:
    """Return an opening clause and what follows it: que cobra el banco / se debita, al pagar la deuda / se debita."""
    ends = [place for place in range(1, len(tokens)) if _opens_verb(tokens, place)]
    if ends and tokens[0] in _OPENERS:
        end = ends[-1] - (tokens[ends[-1] - 1] == "no")
        if sum(_has_term([token]) for token in tokens[:end]) >= _OPENED_MIN:
            return tokens[:end], tokens[end:]
    return tokens, []


def _opens_verb(tokens: Sequence[str], place: int) -> bool:
    return tokens[place] == "se" or tuple(tokens[place : place + 2]) == ("hay", "que")


def _has_term(tokens: Sequence[str]) -> bool:
    return any(token[0].isalpha() and canonical(token) for token in tokens)


def _goes_on(tokens: Sequence[str]) -> bool:
    """Return whether a piece reads as a member of a list and not as a statement of its own."""
    first = next((token for token in tokens if token not in _ADDING), "")
    return (first in PREPOSITIONS or first in _DETERMINERS) and not _IS.intersection(tokens)
