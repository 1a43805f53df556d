"""Questions that are refused before they are read: writes, secrets, other companies, what no books hold."""

from __future__ import annotations

import re
from dataclasses import dataclass

from services.consultorIA.text import fold


@dataclass(frozen=True, slots=True)
class Refusal(Exception):
    """Why a question gets no figure: the contract's code, words for the user, technical reason, ways out."""

    codigo: int
    error_usuario: str
    error_tecnico: str
    sugerencias: tuple[str, ...] = ()


CREATES, WRITES, DELETES, FORBIDDEN, NOT_UNDERSTOOD, NO_TEMPLATE = 0, 1, 2, 4, 5, 6
_DELETING = r"borr(?:a|ar|ame|alo|alos|en|e)|elimin(?:a|ar|ame|alo|en|e)|suprim(?:i|ir)|vaci(?:a|ar)|anul(?:a|ar|ame|en|e)|quit(?:a|ar)|remov(?:e|er)|destru(?:i|ir)"
_WRITING = (
    r"carg(?:a(?! de\b)|ar|ame|alo|ue|uen)|registr(?:a|ar|ame|alo|e)|anot(?:a|ar|ame|alo)|asent(?:a|ar|ame)|agreg(?:a|ar|ame|alo|ue)|insert(?:a|ar)|"
    r"modific(?:a|ar|ame|alo|que)|cambi(?:a|ar|ame|alo|e)|correg(?:i|ir|ime)|actualiz(?:a|ar|ame)|edit(?:a|ar|ame)|verific(?:a|ar|ame|alos|alo|que)|"
    r"cerr(?:a|ar|ame|alo)|cierr(?:a|e)|reabr(?:i|ir)|abr(?:i|ir)|transfer(?:i|ir|ime)|pasal[eoa]s?|deposit(?:a|ar|ame)|mov(?:e|er|eme)|guard(?:a|ar|ame)|"
    r"sumal[eoa]s?|restal[eoa]s?|revert(?:i|ir)|revers(?:a|ar)|contabiliz(?:a|ar|ame)|imput(?:a|ar|ame)|pon(?:e|er|ele|ga)|duplic(?:a|ar)|copi(?:a|ar)|"
    r"paga(?:r|le|les)|desactiv(?:a|ar)|activ(?:ar|a la|a el)|renombr(?:a|ar)|ajust(?:a|ar|ame)|reclasific(?:a|ar)|aprob(?:a|ar|ame)|aprueb(?:a|e)|cobral[eo]s?|(?:dale|dar|dales) de baja|deshac(?:e|er)|importa(?:r|me)?(?= (?:los|un|el|este))|"
    r"(?:pasa|move|gira|manda|transferi|deposita)(?:r|me|le|les)? (?:\$ ?)?(?:\d+|mil\b|plata\b|dinero\b)|hac(?:e|er|eme|ele) (?:el|un|una) (?:cierre|asiento|ajuste|registracion)"
)
_CREATING = r"cre(?:a|ar|ame|alo|e)|da de alta|dar de alta|dame de alta|genera(?:me|r)? (?:un|una) (?:asiento|cuenta|usuario|alumno)|agregar? una cuenta"
_ASKS_FOR = r"^(?:por favor |porfa |che |hola |ahora |y |bueno |ok |dale |necesito que |quiero que |quiero |quisiera |necesito |podes |podrias |me podes |podemos |hay que |puedo |como hago para |tenes que |hace(?:me)? el favor de )*"
_ORDERS = tuple(
    (
        code,
        re.compile(rf"{_ASKS_FOR}(?:me |lo |la |le )?(?:{verbs})\b(?! social(?:es)?\b)"),
    )
    for code, verbs in ((DELETES, _DELETING), (CREATES, _CREATING), (WRITES, _WRITING))
)
# "registro", "carga" may open a question; an order names what it writes.
_ORDER_WORDS = {
    CREATES: "No puedo crear nada: solo leo los libros.",
    WRITES: "No puedo cargar ni modificar nada: solo leo los libros.",
    DELETES: "No puedo borrar ni anular nada: solo leo los libros.",
}
_SECRETS = re.compile(
    r"\b(?:contrasenas?|passwords?|passwd|pass|claves?(?: de acceso| de los| de las| del| de)?|hash(?:es)?|tokens?|e-?mails?|mails?|correos?(?: electronicos?)?|"
    r"credencial(?:es)?|api ?keys?|secretos?|secret|permisos de los usuarios|sesiones|direccion ip|cookies?|jwt|celular de|telefono de(?:l)? (?:usuario|alumno|profesor))\b"
)
_OTHERS = re.compile(
    r"\b(?:otras?|demas|todas las|las demas|cada|varias|ambas) (?:empresas?|companias?|sociedades|firmas)\b|\bempresas? (?:n[uro]*\s*)?\d+\b|"
    r"\b(?:otro|otros|demas) (?:libros?|entes?|clientes del sistema)\b|\bempresas? (?:llamada|de nombre|de al lado)\b|\bcompany(?:_id)?\b|\bde la competencia\b|\bempresas? vecinas?\b"
)
_INJECTED = re.compile(
    r"\b(?:ignor(?:a|ar|e|en|es)|olvid(?:a|ate|ar|e)|salta(?:te)?|desobedece|anula)\b.{0,30}\b(?:instruccion(?:es)?|reglas?|restriccion(?:es)?|filtros?|anterior(?:es)?)\b|"
    r"\b(?:system|developer) prompt\b|\b(?:tu|el) prompt\b|\bmodo (?:admin|administrador|desarrollador|dios)\b|\bactua como\b|\bsos (?:ahora )?un\b|\bignore (?:all|previous|your)\b|"
    r"\bsqlite_master\b|\bpg_\w+|\binformation_schema\b|\btablas? (?:del sistema|de la base|internas?)\b|\besquema de la base\b"
)
_SQL_INSIDE = re.compile(
    r"(?:^|;|--|\b)\s*(?:(?P<deletes>drop\s+(?:table|view|database|schema|index)|delete\s+from|truncate(?:\s+table)?\s+\w+)|"
    r"(?P<creates>create\s+(?:table|view|or\s+replace|index|database|user)|alter\s+(?:table|view|user|database))|"
    r"(?P<writes>insert\s+into|update\s+\w+\s+set|replace\s+into|merge\s+into|grant\s+\w+|copy\s+\w+\s+(?:from|to))|"
    r"(?P<other>pragma\s+\w+|attach\s+(?:database\s+)?'|union\s+(?:all\s+)?select|exec(?:ute)?\s+\w+\(|vacuum\b))"
)


def check(question: str) -> None:
    """Raise Refusal for a question that asks for a write, a secret, another company's books or a way around."""
    folded = fold(question).strip("?!. ")
    inside = _SQL_INSIDE.search(folded)
    if inside:
        code = next(
            code
            for name, code in (("deletes", DELETES), ("creates", CREATES), ("writes", WRITES), ("other", FORBIDDEN))
            if inside[name]
        )
        raise Refusal(code, _ORDER_WORDS.get(code, "Eso no está permitido."), "SQL inside the question")
    if _INJECTED.search(folded):
        raise Refusal(
            FORBIDDEN, "No puedo hacer eso: contesto preguntas sobre los libros de tu empresa.", "instructions"
        )
    if _SECRETS.search(folded):
        raise Refusal(
            FORBIDDEN, "Esos datos no se consultan: no leo contraseñas, correos ni datos de acceso.", "secrets"
        )
    if _OTHERS.search(folded):
        raise Refusal(FORBIDDEN, "Solo puedo leer los libros de tu empresa.", "another company")
    for code, pattern in _ORDERS:
        if pattern.search(folded):
            raise Refusal(code, _ORDER_WORDS[code], "a write was asked for")
