"""Text of documents is data: what speaks to a model instead of a reader is kept from it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from services.chat.analysis import fold

# What is looked for where it may be at all: without one of these, no sentence is an order.
_HINTS = (
    "instru", "istruz", "anweis", "consigne", "indicacion", "regl", "lo anterior", "rule", "prompt", "above", "acima",
    "previous", "asistente", "assistant", "bot", "model", "llm", "gpt", " ia", " ai", "system", "developer", "api key",
    "inst]", "<|", "<<", "ahora ", "from now", "siempre", " solo", "unicamente", "only", "always", "pregunt", "consult",
    "ask", "usuari", "alumn", "user", "student",
)
# What hides a word from a pattern: signs that are not seen, letters of other scripts, digits for letters.
_UNSEEN = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef]")
# Letters that no font shows and a model reads: each is 0xE0000 above the one it stands for.
_TAGS = {0xE0000 + code: code for code in range(0x20, 0x7F)}
_SPACED = re.compile(r"(?<=\b[^\W\d_]) (?=[^\W\d_]\b)")  # i g n o r e
_DISGUISED = re.compile(r"[Ѐ-ӿͰ-Ͽ]|[a-z][013][a-z]")
_LOOK_ALIKE = str.maketrans("аеорсухіѕјԁαοερτν013", "aeopcyxisjdaoeptvoie")

# To turn down what was said before, in the forms of an order; "quien ignore", "si se omite" tell of somebody.
_TURN_DOWN = (
    r"(?<!\bquien )(?<!\bquienes )(?<!\bsi )(?<!\bse )(?<!\bcuando )\b"
    r"(?:ignor(?:a|e|en|ar|ad|as|es|ez|iere|ieren)(?:las?|los?)?|olvid(?:a|e|en|ar|ad)(?:te|se|nse|rse|las?|los?)?"
    r"|omit(?:i|a|e|an|ir)|desobedec\w+|descart(?:a|e|en|ar)|desestim(?:a|e|en|ar)"
    r"|(?:hace?|haz|haga|hacer) caso omiso|deja(?:r|d)? de lado|vergiss|vergessen|oubliez?|dimentica|esquec[ae]"
    r"|desconsidere|disregard|forget|override|bypass|(?:do not|don't|never) (?:follow|obey)"
    r"|no (?:le |les )?(?:hagas?|hagan) caso|no (?:sigas|sigan|obedezcas?|obedezcan|tengas en cuenta))\b"
)
_WHAT_WAS_SAID = (
    r"\b(?:instru(?:ccion|cao|coes|ction)\w*|istruzion\w*|anweisung\w*|consignes?|indicacion\w*"
    r"|regl?as? (?:anterior|previa)\w*|(?:todo )?lo anterior|rules?|prompts?|above|acima|previous)\b"
)
# To give it a part to play or words to say. A manual tells its reader what the system does.
_WHO = r"(?:asistente|chatbot|bot|modelo|ia|llm|gpt|assistant|language model|model|ai)"
_SAY = (
    r"(?:respond[ea](?:les?|me)?|contest[ae](?:les?|me)?|deci(?:les?)?|diles?|afirm[ae]|escribi|answer|reply|say|tell"
    r"|output)"
)
_ORDERS = re.compile(
    rf"{_TURN_DOWN}.{{0,40}}{_WHAT_WAS_SAID}"
    r"|\b(?:nuevas? instruccion(?:es)?|new instructions?|instruccion(?:es)? del sistema|system instructions?)\b"
    rf"|\b(?:instruccion(?:es)?|nota|orden(?:es)?|mensaje|note|message) (?:para|al|to|for)"
    rf" (?:el |la |the |un |una )?{_WHO}\b"
    r"|\b(?:system|developer) ?(?:prompt|message)\b"
    r"|<\|?\s*/?(?:system|assistant|im_start|im_end|eot_id)|\[/?inst\]|<<\s*/?sys|##+ ?(?:system|assistant)\b"
    rf"|\b(?:sos|eres|actua como|you are|act as) (?:un |una |an? )?{_WHO}\b|\bcomo (?:modelo de lenguaje|ia|llm)\b"
    rf"|\b(?:a partir de ahora|desde ahora|de ahora en (?:mas|adelante)|from now on)\b.{{0,20}}"
    rf"\b(?:sos|eres|you|{_SAY})\b"
    rf"|\b{_SAY} (?:siempre|solo|unicamente|only|always)\b"
    rf"|\b(?:si|cuando) (?:te|alguien) (?:pregunt|consult)\w+.{{0,60}}[,:] {_SAY}\b"
    rf"|\b(?:if|when) asked\b.{{0,60}}\b{_SAY}\b"
    r"|\b(?:decile|dile|tell) (?:al?|the) (?:usuari[oa]|alumn[oa]|user|student)\b"
    r"|\b(?:revel[ae]|mostr[ae]|reveal|print|show)\b.{0,30}\b(?:prompt|api key|instruccion\w*|instructions?)\b"
)


def speaks_to_the_model(sentence: str) -> bool:
    """Return whether a sentence reads like an order to a language model, however its blanks and letters are set."""
    seen = unicodedata.normalize("NFKC", _UNSEEN.sub("", sentence).translate(_TAGS))
    plain = " ".join(fold(_SPACED.sub("", seen)).split())
    return _orders(plain) or (_DISGUISED.search(plain) is not None and _orders(plain.translate(_LOOK_ALIKE)))


def _orders(plain: str) -> bool:
    return any(hint in plain for hint in _HINTS) and _ORDERS.search(plain) is not None


def harmless(headings: Sequence[str]) -> list[str]:
    """Return the headings that are none."""
    return [heading for heading in headings if not speaks_to_the_model(heading)]
