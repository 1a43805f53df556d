"""The words of questions and what they signal.

Rules run in order over the folded question in which periods, amounts, people and whole account names
are already marks (§pN, §aN, §uN, §gN, §cN). What a rule explains is cut out; what no rule explains must
be an account's name or a filler, else the question is not understood.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_ENTRIES = r"(?:asientos?|registraci(?:on|ones)|registros?(?: contables?)?|transaccion(?:es)?|operacion(?:es)?|comprobantes contables)"
_LINES = r"(?:movimientos?|movs?|renglon(?:es)?|lineas|imputaciones)"
_ACCOUNTS = r"(?:cuentas?|ctas?)(?: (?:contables?|imputables?))?"
_PEOPLE = r"(?:usuarios?|personas?|operador(?:es)?|companeros?)"
_STUDENTS = r"(?:alumnos?|alumnas|estudiantes?|chicos)"
_GROUPS = r"(?:grupos?(?: de(?: los)? (?:alumnos|estudiantes))?|equipos?(?: de alumnos)?|(?<!en )cursos?|division(?:es)?)"
_DIMENSION_WORDS: tuple[tuple[str, str], ...] = (
    ("dia_semana", r"dias?(?: de(?: la)? semana)"),
    ("semana", r"semanas?"),
    ("fecha", r"(?:dias?|fechas?|jornada)"),
    ("trimestre", r"trimestres?"),
    ("mes", r"(?:mes(?:es)?)"),
    ("anio", r"(?:anos?|ejercicios?)"),
    ("grupo_alumnos", r"(?:grupos? de(?: los)? (?:alumnos|estudiantes)|equipos?(?: de alumnos)?|cursos?|division(?:es)?)"),
    ("grupo", r"grupos? de(?: las)? (?:cuentas|ctas)"),
    ("algun_grupo", r"grupos?"),
    ("cuenta", rf"(?:{_ACCOUNTS}|conceptos?)"),
    ("rubro", r"rubros?"),
    ("partida", r"(?:partidas?|elementos?)"),
    ("usuario", rf"(?:{_PEOPLE}|{_STUDENTS})"),
    ("estado", r"estados?"),
    ("tipo", r"tipos?(?: de asientos?)?"),
    ("rol", r"rol(?:es)?"),
)
_ANY_DIMENSION = "|".join(pattern for _name, pattern in _DIMENSION_WORDS)
_TIME_WORD = r"(?:mes(?:es)?|trimestres?|anos?|ejercicios?|dias?(?: de la semana)?|semanas?)"
_N = r"(?:\d{1,3}|un|una|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|quince|veinte)"
_WRITTEN = r"(?:cargo|cargaron|cargamos|registramos|cargue|cargados?|cargadas?|cargar|carga|cargan|registro|registraron|registre|registrados?|registradas?|registra|hizo|hicieron|hice|hechos?|hechas?|hace|ingresados?|anoto|anotaron|asento|asentaron|realizo|realizaron|realizados?|contabilizo|contabilizaron|contabilizad[oa]s?|creo|crearon|creados?|subio|subieron|metio|pasados?|tiene cargados?|generados?|genero|generaron)"

# (signal, pattern). A named group is kept as the signal's text.
_RULES: tuple[tuple[str, str], ...] = (
    (
        "definition",
        r"^(?:y )?(?:que|q|k) (?:es|son|significan?|quiere decir)\b(?! lo que| el (?:saldo|total|mes|monto)| la cuenta con)|^(?:como|por que|para que|xq|explica\w*|defin\w+|ensena\w*)\b(?! (?:viene|vienen|venia|venian|anda|andan|andaba|estamos|esta|estaba|estaban|fue|fueron|evoluciono|evolucionaron|cerro|cerramos|quedo|quedaron|termino|le fue|nos fue)\b)|\bdiferencia entre (?:activo|debe|deudor\w*) y (?:pasivo|haber|acreedor\w*)(?! de)",
    ),
    (
        "we_owe",  # before advice: how much is to be paid is a debt; when, in a period, is not in the books
        r"(?<=cuanto )(?:les? )?(?:hay que|tengo que|tenemos que|debo|debemos) (?:pagar|depositar|abonar)(?:les?)?\b(?!.*§p)",
    ),
    (
        "advice",
        r"\b(?:debo|deberia\w*|tengo que|hay que|conviene|recomend\w+|aconsej\w+|sugeri\w+|puedo|podemos) (?!\w*(?:ver|saber)\b)\w{2,}[aei]r\b(?!.*\bcuanto\b)(?<!\bcuanto)",
    ),
    (
        "forecast",
        r"\b(?:vamos a|va a|van a|voy a|proxim[oa]s?|que viene|proyecci\w+|pronostic\w+|prevision de|prevemos|estima\w+|futuro|gastaremos|venderemos|ganaremos|tendremos)\b",
    ),
    (
        "except",
        r"\b(?:sin (?:contar|incluir|considerar|tener en cuenta)(?: (?:a|en))?|excepto|salvo|excluyendo(?: a)?|sacando|a excepcion de|menos(?= (?:los?|las?|el) )|que no (?:sean?|son|correspondan? a))\b(?: (?:los?|las?|el|de|del))*",
    ),
    (
        "kind",
        r"(?<=asientos )del? (?P<kind>apertura|cierre|ajustes?|refundicion)\b(?: de (?:resultados|cuentas|cierre|inventario)| por inflacion)?|(?<=asiento )del? (?P<kind2>apertura|cierre|ajustes?|refundicion)\b(?: de (?:resultados|cuentas|cierre|inventario)| por inflacion)?",
    ),
    # words that only join: what others did to us, the date or state that is named next, who a debt is with
    ("suffered", r"\bque (?:nos (?:hicieron|hacen|hizo|practicaron|aplicaron)|sufrimos|tuvimos)\b"),
    ("dated", r"\b(?:con|de|en) (?:la )?fecha(?: del?)?(?= (?:el )?§p)"),
    (
        "in_state",
        r"\b(?:en|con) (?:el )?estado(?: de| en)?(?= (?:verificad|cerrad|pendient|(?:para|por|sin|a) (?:verificar|revisar)))",
    ),
    (
        "creditor",
        r"\b(?:con|a) (?:la |el )?(?:afip|arca|fisco)(?= (?:por|de|en concepto de) )|\b(?:al|con el|a los) (?:fisco(?= (?:por|de) )|bancos?(?= (?:por|en concepto de) ))",
    ),
    # what the question is of
    (
        "share",
        r"\b(?:que|cual es el|cual es la)?\s*(?:porcentaje|%|porciento|por ciento|proporcion|parte|participacion|peso|incidencia)\b(?! de (?:aumento|variacion|crecimiento|suba|baja))(?=.*\b(?:de|del|sobre|en|son|es|representa\w*|corresponde\w*|va\w*|se lleva\w*)\b)|\bcuanto (?:pesan?|representan?|inciden?)\b",
    ),
    (
        "represents",
        r"\b(?:representan?|representaron|corresponden? a|se va en|se fue en|se fueron en|va a|se lleva\w*|son|es de)\b(?=[^|]*$)(?=(?!.*\bmas\b))",
    ),
    (
        "current_ratio",
        r"\b(?:indices?|ratios?|coeficientes?|razon|indicador|prueba|nivel|grado)?\s*(?:de )?liquidez(?: corriente| general)?\b|\b(?:razon|ratio|indice|coeficiente) corriente\b|\bcapacidad (?:de pago|para pagar)(?: a corto plazo)?\b",
    ),
    (
        "working_capital",
        r"\b(?:capital|fondo) de (?:trabajo|maniobra)\b",
    ),
    ("solvency", r"\b(?:indices?|ratios?|coeficientes?|razon|indicador|nivel|grado)?\s*(?:de )?solvencia\b"),
    (
        "debt_ratio",
        r"\b(?:indices?|ratios?|coeficientes?|razon|indicador|nivel|grado)?\s*(?:de )?(?:endeudamiento|apalancamiento)\b|\bque tan endeudad[oa]s? (?:estamos|esta)\b",
    ),
    (
        "gross",
        r"\b(?:margen(?:es)?|ganancias?|utilidad(?:es)?|resultados?|beneficios?) brut[oa]s?\b(?: (?:de|sobre)(?: las)? ventas)?",
    ),
    (
        "net_value",
        r"\bvalor(?:es)? (?:net[oa]s?|residual(?:es)?|de libros|contables?|net[oa]s? contables?)\b(?: del?\b)?",
    ),
    (
        "margin",
        r"\bmargen(?:es)?(?: de (?:ganancias?|utilidad(?:es)?|beneficios?)| net[oa]s?| sobre(?: las)? ventas)?\b|\brentabilidad(?: (?:sobre|de)(?: las)? ventas| net[ao])?\b(?! (?:del?|sobre) )",
    ),
    ("balances", r"\bsumas y saldos\b|\bbalance de (?:comprobacion|sumas y saldos)\b|\bbalance de saldos\b"),
    (
        "result",
        r"\b(?:diferencia entre|resta de|neto entre) (?:los |las )?(?:ingresos|ventas|ganancias) y (?:los |las )?(?:egresos|gastos|perdidas|costos)\b|\bingresos (?:menos|-) (?:los )?(?:egresos|gastos)\b|\b(?:estado de )?resultados?(?: (?:netos?|final(?:es)?|contables?|economicos?|positivo|negativo|obtenido))?(?: (?:del|de|de la) (?:ejercicio|empresa|periodo|negocio))?\b|\bganamos o perdimos\b|\b(?:estamos|venimos|estoy|esta la empresa) (?:ganando|perdiendo)\b(?: o (?:perdiendo|ganando))?(?: plata| dinero)?|\b(?:dio|dimos|da|tuvimos) (?:ganancia|perdida)s?\b|\b(?:ganamos|gano|ganaron|ganado|gane|perdimos|perdio|perdido|perdi)\b(?: (?:o|y) (?:ganamos|perdimos|perdio|gano))?(?: plata| dinero)?|\b(?:ganancias?|utilidad(?:es)?|beneficios?|superavit|deficit)(?: o (?:ganancias?|perdidas?))?(?: (?:netas?|totales?|total|liquida))?\b|\bperdidas?(?: o ganancias?)?(?: totales| netas?)?\b|\bnos fue (?=mejor|peor)|\ben (?:positivo|negativo|perdida|ganancia)\b|\bcomo (?:nos fue|le fue|cerramos|cerro|nos esta yendo)\b",
    ),
    (
        "counter",
        rf"\b(?:contra|con) (?:que|cual(?:es)?|q|k) (?:otras? )?(?:{_ACCOUNTS})?(?:\s*(?:se )?(?:movi\w+|mueve\w*|us\w+|combin\w+|relacion\w+|registr\w+|imput\w+|cancel\w+|cruz\w+))?|\b(?:contrapartidas?|contra ?cuentas?|contra partidas?)\b(?: habitual(?:es)?)?|\b(?:que )?(?:otras )?{_ACCOUNTS} (?:se (?:movieron|mueven|usan|usaron|combinan) (?:junto )?(?:con|contra)|aparecen (?:junto )?(?:con|a)|contra las que)\b",
    ),
    ("most_used", r"\bmas (?:usad[oa]s?|utilizad[oa]s?|frecuentes?|comun(?:es)?|movid[oa]s?|habitual(?:es)?)\b"),
    ("least_used", r"\bmenos (?:usad[oa]s?|utilizad[oa]s?|frecuentes?|movid[oa]s?)\b"),
    (
        "running",
        r"\bsaldos? (?:acumulad[oa]s?|progresiv[oa]s?|corrid[oa]s?|parcial(?:es)?)\b|\bevolucion (?:mensual )?(?:del|de los|de) saldos?\b|\bcomo (?:viene|vienen|fue|evoluciono)\b (?:el )?saldos?\b",
    ),
    (
        "ledger",
        r"\b(?:libro )?mayor(?:es)?(?= (?:de|del|de la) (?:cuenta|§c|la cuenta|caja|banco))\b|\blibro mayor\b|\bmayorizacion\b|\bmayor de\b|^(?:el )?mayor (?=§c|caja\b|banco)",
    ),
    (
        "periods",
        r"\b(?P<unit>mes(?:es)?|periodos?|ejercicios?|anos?) (?:\w+ )?(?:esta[n]? |siguen |quedan |quedaron |hay )?(?P<state>cerrad[oa]s?|abiert[oa]s?)\b|\best(?:a|an) (?P<state2>cerrad[oa]|abiert[oa])s? (?:el |la |los )?(?:mes |periodo |ejercicio )?(?:de )?(?=§p)|\b(?<=\d) (?:ya )?esta (?P<state3>cerrad[oa]|abiert[oa])|\bperiodos? (?:contables?)\b",
    ),
    (
        "idle",
        r"\bsin (?:actividad|usar(?:se)?|mover(?:se)?|utilizar(?:se)?|movimientos?|uso|saldo ni movimiento|moverse)\b|\bque no (?:tienen|tuvieron|registran|registraron) (?:ningun )?(?:movimientos?|asientos?)\b|\b(?:no|nunca) (?:tienen?|tuvieron|tuvo|registran?|registro) (?:ningun )?(?:movimientos?|asientos?)\b|\b(?:no|nunca) (?:se )?(?:usaron|usan|usamos|usadas|usada|utilizaron|utilizan|utilizamos|utilizadas|movieron|mueven|fueron usadas)\b|\bno (?:cargo|cargaron|hizo|hicieron|registro|registraron|cargan|tiene|tienen) (?:nada|ningun|ningun asiento|asientos?|ningun registro)\b(?: asientos?)?|\btodavia no (?:cargo|cargaron)\b(?: (?:nada|asientos))?|\b(?:sin|con) (?:asientos? cero|cero asientos?)\b|\bsin (?:asientos?|cargar(?: nada)?)\b",
    ),
    (
        "negative",
        r"\bsaldos? (?:en )?(?:negativos?|contrari[oa]s?|invertid[oa]s?|en contra|en rojo|al reves|menor(?:es)? (?:a|que) (?:0|cero))\b|\ben rojo\b|\bcontrari[oa]s? a su naturaleza\b",
    ),
    (
        "with_balance",
        r"\bcon saldo\b(?! (?:§|deudor|acreedor|mayor|menor|superior|inferior|de))(?: distinto de (?:cero|0))?|\b(?:que )?(?:tienen|tengan) saldo\b(?! (?:§|deudor|acreedor|mayor|menor|superior|inferior|de))",
    ),
    ("inactive", r"\b(?:inactiv[oa]s?|dad[oa]s? de baja|deshabilitad[oa]s?|desactivad[oa]s?)\b"),
    (
        "active",
        r"(?<=cuentas )activas\b|(?<=usuarios )activos\b|(?<=alumnos )activos\b|(?<=(?:usuarios|personas) que estan )activ[oa]s\b|(?<=alumnos que estan )activos\b",
    ),
    (
        "reversal",
        r"\b(?:reversion(?:es)?|revers(?:ad[oa]s?|as?)|revertid[oa]s?|anulad[oa]s?|anulacion(?:es)?|anul(?:o|aron|amos)|revirti(?:o|eron|mos)|revers(?:o|aron)|contra ?asientos?|contraasientos?)(?: de asientos?)?\b|\basientos? de (?:reversion|anulacion)\b",
    ),
    # people and states
    (
        "pending",
        r"\bestan? tod[oa]s?(?: (?:l[oa]s )?asientos)? (?:ya )?(?:verificad|aprobad|revisad)[oa]s?\b|\b(?:(?:estan?|quedan?|quedaron|hay|siguen|faltan?|tengo|tenemos|estaban) )?(?:pendientes?(?: de (?:verificar|verificacion|revisar|aprobar|control))?|(?:para|por|sin) (?:verificar|revisar|aprobar|controlar)|falta[n]? (?:verificar|revisar|aprobar)|no (?:estan? )?(?:verificad[oa]s?|aprobad[oa]s?)|sin verificacion|a verificar)\b",
    ),
    ("verified", r"\b(?:(?:estan?|ya) )*(?:verificad[oa]s?|aprobad[oa]s?|revisad[oa]s?)\b"),
    (
        "not_closed",
        r"\bestan? tod[oa]s?(?: (?:l[oa]s )?asientos)? (?:ya )?cerrad[oa]s?\b|\b(?:(?:estan?|quedan?|siguen|aun|todavia) )*(?:sin|no|faltan?|por|para)(?: (?:estan?|aun|todavia|por))* (?:cerrar|cerrad[oa]s?)\b|\b(?:(?:estan?|aun|todavia) )*abiert[oa]s\b",
    ),
    ("closed", r"\b(?:(?:estan?|ya) )*cerrad[oa]s?\b"),
    ("whom", r"\b(?:a|de|para|con) quien(?:es)?\b"),
    (
        "who",
        rf"\b(?:quien(?:es)?|alguien(?: que)?|(?:que|cual|cuales) (?:es el |fue el |de los )?(?:{_PEOPLE}|{_STUDENTS}))\b(?: (?:es|fue|son|fueron) (?:el|la|los) que)?",
    ),
    (
        "when",
        r"\b(?:cuando|(?:en )?(?:que|cual) (?:dia|fecha)(?! de la semana)|(?:desde|hasta|a partir de) (?:cuando|que fecha|que dia)|fecha (?:del?|de la|de los|de las)(?= (?:ultim|primer)))\b(?: (?:fue|es|se hizo|se registro|empiezan|empezamos))?",
    ),
    # averages, extremes, order
    (
        "average_by",
        r"\b(?:promedio|media|promedian?|en promedio)(?: (?:gastamos|vendimos|tenemos))?\s*(?:general )?(?P<unit>mensual(?:es)?|por mes|x mes|al mes|cada mes|de cada mes|por trimestre|trimestral(?:es)?|por dia|diari[oa]s?|semanal(?:es)?|por semana|por ano|anual(?:es)?|por asiento|de cada asiento|por operacion|por movimiento|por usuario|por alumno)?\b",
    ),
    (
        "weekday",
        r"\b(?:los|el|dias?|cada)?\s*(?P<day>lunes|martes|miercoles|jueves|viernes|sabados?|domingos?|fin(?:es)? de semana)\b",
    ),
    (
        "per_weekday",
        r"\b(?:por|cada|segun|x|en que|que|cual es el|cual fue el|cual)\s+dias? de (?:la )?semana\b(?: (?:con|que|en que|en el que|donde))?",
    ),
    (
        "change_by",
        r"\b(?:mes a mes|mes por mes|mes x mes|mes tras mes|mensual(?:es|mente)?|por meses|cada mes|evolucion mensual)\b",
    ),
    ("per_quarter", r"\b(?:trimestral(?:es|mente)?|trimestre (?:a|por) trimestre)\b"),
    ("per_week", r"\b(?:semanal(?:es|mente)?|semana (?:a|por|tras) semana)\b"),
    ("per_year", r"\b(?:anual(?:es|mente)?|ano (?:a|por) ano)\b"),
    ("per_day", r"\b(?<!libro )(?<!libros )(?:diari[oa]s?|diariamente|dia (?:a|por) dia)\b"),
    (
        "evolution",
        r"\b(?:como )?(?:evolucion(?:o|aron|es)?|tendencia|historic[oa]|historia|curva|progresion)(?: mensual)?\b|\bcomo (?:viene|vienen|fueron|fue|anda|andan)\b",
    ),
    (
        "line_count",
        rf"\b(?:con|de|tienen?|que tengan) (?P<bound>mas de|al menos|menos de|como minimo|exactamente)?\s*(?P<n>{_N}) (?:renglones|lineas|movimientos|cuentas)\b",
    ),
    (
        "best",
        rf"\b(?:el |la |los |las )?(?P<way>mejor|peor)(?:es)? (?P<dimension>{_TIME_WORD}|{_PEOPLE}|{_STUDENTS}|{_GROUPS})\b",
    ),
    (
        "those_with",
        rf"\b(?:los |las |el |la )?(?:(?P<n>{_N}) )?(?P<dimension>mes(?:es)?|semanas?|trimestres?|dias?|anos?|usuarios?|alumnos?)\s+(?:con|en (?:el|los|las) (?:que|cual(?:es)?)|donde|que|de(?= (?:mayor|menor|mas|menos|mejor|peor)\b))\b|\ben un(?:a)? (?:sol[oa] |mism[oa] )?(?P<dimension2>mes|semana|trimestre|dia|ano)\b",
    ),
    (
        "count_bound",
        rf"\b(?:con |que (?:tienen|tengan|tiene|cargaron|cargo|hicieron|hizo|registraron|registro) |en (?:los|el) que (?:hubo|se cargaron) )?(?P<bound>mas de|menos de|al menos|como minimo|exactamente) (?P<n>{_N}) (?:{_ENTRIES})\b",
    ),
    (
        "limit",
        rf"\b(?:l[oa]s |mis |sus )?(?P<n>\d{{1,3}}|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|quince|veinte) (?=(?:{_ENTRIES}|{_LINES}|cuentas|rubros|gastos|egresos|ingresos|ventas|usuarios|alumnos|grupos|meses|dias|trimestres|mayores|principales|mas)\b)",
    ),
    (
        "top",
        rf"\btop\s*(?P<n>{_N})?\b|\branking\b|\b(?:orden|rank)(?:ad[oa]s?|ead[oa]s?) (?:por |segun )?(?=cantidad|importe|monto|saldo|total)|\b(?P<n2>{_N}) (?=(?:mayores|principales|mas (?:grandes|altos|altas|caros)))",
    ),
    (
        "chart_attribute",
        r"\b(?:a|en|de|dentro de) (?:que|cual) (?P<what2>rubro|grupo|partida) (?:pertenece|corresponde|esta|es|va|entra|figura)n?\b",
    ),
    (
        "what_dimension",
        rf"\b(?:en )?(?:que|cual(?:es)?|q|algun)(?: (?:fue|es|son|fueron|de))?(?: (?:el|la|los|las))?\s+(?P<dimension>{_ANY_DIMENSION})(?: (?:del|de la|de los|de las)(?= (?:activo|pasivo|gastos?|egresos?|ingresos?|patrimonio|plan)))?\b(?: (?:fue|es)\b)?",
    ),
    (
        "smallest",
        r"\b(?:mas|el mas|la mas) (?:chic[oa]s?|baj[oa]s?|pequen[oa]s?|barat[oa]s?|flojos?|floj[oa])\b|\b(?:con )?menor(?:es)?\b(?: (?:importe|monto|valor|cantidad(?: de)?))?|\bminim[oa]s?\b|\bpeor(?:es)?\b|\b(?:con|la que|el que|l[oa]s que) menos\b|\bmenos(?= (?:asientos|movimientos|ventas?|gastos?|ingresos?|egresos?|saldo|registros|operaciones|plata)\b)|(?<=mos )menos\b|(?<=cargo )menos\b|(?<=cargaron )menos\b|(?<=hizo )menos\b|\bmenos$|\bmenos(?= (?:en |durante )?§p)",
    ),
    (
        "first",
        rf"\b(?:l[oa]s\s+)?(?:(?P<n2>{_N}) )?primer[oa]?s?\b(?: (?P<n>{_N}))?|\bmas (?:viej[oa]s?|antigu[oa]s?)\b",
    ),
    (
        "last",
        rf"\b(?:por |la )?ultima vez\b|\b(?:l[oa]s\s+)?(?:(?P<n2>{_N}) )?ultim[oa]s?\b(?: (?P<n>{_N}))?|\bmas (?:recientes?|nuev[oa]s?)\b|\bults? (?P<n3>{_N})\b",
    ),
    (
        "largest",
        r"\b(?:(?:de|con|por|el|la|los|las) )?(?:mayor(?:es)?|maxim[oa]s?|mejor(?:es)?|principal(?:es)?|mas (?:alt[oa]s?|grandes?|car[oa]s?|abultad[oa]s?|importantes?|elevad[oa]s?|fuertes?|pesad[oa]s?))\b(?: (?:importes?|montos?|valor|cantidad(?: de)?))?|\b(?:con )?mas\b|\brecord\b|\bpico\b",
    ),
    ("singly", r"\bindividual(?:es)?\b|\b(?:en )?un(?:a)? sol[oa] (?:vez|operacion|asiento)\b|\bpuntual\b"),
    (
        "per",
        rf"\b(?:por|cada|segun|x|de cada|por cada|en cada|agrupad[oa]s? por|discriminad[oa]s? por|separad[oa]s? por|abiert[oa]s? por|dividid[oa]s? por|ordenad[oa]s? por|clasificad[oa]s? por|desglosad[oa]s? por)\s+(?:el |la )?(?P<dimension>{_ANY_DIMENSION})\b(?:\s+y\s+(?:por\s+)?(?P<dimension2>{_ANY_DIMENSION})\b)?",
    ),
    ("breakdown", r"\b(?:que|cuales(?: fueron| son)?(?: los)?) (?=(?:gastos|egresos|ingresos)\b)"),
    (
        "breakdown",
        r"\b(?:desglos\w+|discrimin\w+|composicion|estructura|distribucion|apertura|abri(?:r|me)|detallad[oa]s?|conformacion)\b|\b(?:a |en |por )?donde (?:(?:se|nos) )*(?=fue|va|gast|fueron)|\bcomo se compon(?:e|en)\b|\ben que (?:(?:se|nos) )*(?=gast|va|fue|pag)|\bde (?:que|donde) (?:se )?(?:compone|vienen?|vino|vinieron|salen?|salio|salieron)\b",
    ),
    # comparisons
    (
        "compared",
        r"\b(?:compar(?:ad[oa]s?|ar|ame|a|acion|ando|ativo)?|vs|versus)\b\.?(?: (?:con|contra|a|al|de|del|entre)\b)?|\bcontra(?= (?:(?:el|la|los|las|lo|de|del) )*§)|\b(?:con )?respecto (?:de|a|al|del)\b|\bfrente al?\b(?= (?:el |la )?§)|\ben relacion (?:a|con|al)\b|\bque (?:(?:el|la|los|las|lo)(?= (?:del?|en) ))?(?: ?(?:del?|en) )?(?=(?:el |la )?§[pby])|(?<=§p0) o (?:(?:en|el|la|de|del) )*(?=§p1)",
    ),
    (
        "changed",
        r"\bcuanto (?:mas|menos)\b|\b(?:cuanto )?(?:porcentaje de )?(?:vari(?:o|aron|acion(?:es)?|a)|cambi(?:o|aron)|aument(?:o|aron|os?)|subi(?:o|eron)|baj(?:o|aron)|crec(?:io|ieron|imos|imiento)|disminu(?:yo|yeron|cion)|incremento|incrementaron|suba|diferencia)\b(?: porcentual| en porcentaje)?(?: (?:del?|entre|en|net[oa])\b)?",
    ),
    # what is counted or listed
    (
        "count",
        rf"(?<!importe )(?<!monto )(?<!valor )\b(?:cuant[oa]s|cantidad(?: total)?(?: de)?(?: l[oa]s)?|numero de|nro de|total de)\s+(?:de )?(?:(?P<entries>{_ENTRIES})|(?P<lines>{_LINES})|(?P<students>{_STUDENTS})|(?P<people>{_PEOPLE})|(?P<groups>{_GROUPS})|(?P<accounts>{_ACCOUNTS})|(?P<rubros>rubros?)|(?P<times>veces))\b",
    ),
    (
        "count",
        r"\b(?:en )?cantidad(?: de)?\b|\bcuant[oa]s\b(?=[^|]*\b(?:asientos?|movimientos?)\b)|\bcuantos\b|\bcuantas\b(?= (?:ventas|compras|cobranzas|veces|facturas de venta))",
    ),
    ("entries", rf"\b(?:(?:el|los|de los) )?{_ENTRIES}\b(?: contables?| diarios)?|\blibro diario\b"),
    (
        "with_moves",
        r"\bcon movimientos?\b(?! (?:de|en|mayor))|\bque (?:tienen|tuvieron|registran|registraron) movimientos?\b(?! de)",
    ),
    ("lines", rf"\b{_LINES}\b"),
    ("accounts_plan", r"\bplan de cuentas\b|\bcuentas (?:del|tiene el|hay en el|en el) plan\b|\b(?:del|el) plan\b"),
    ("nature", r"(?<=cuentas )(?:(?:de|con) naturaleza |de saldo )?(?P<nature>deudor|acreedor)[ae]s?\b"),
    ("teachers", r"\b(?:profes?|profesor(?:es|as?)?|docentes?|administrador(?:es)?)\b"),
    (
        "chart_attribute",
        r"\b(?P<what>codigo|naturaleza|rubro|grupo|partida)\b(?= (?:de|del|pertenece|tiene|esta|corresponde))|\b(?:es )?(?P<nature>deudora o acreedora|acreedora o deudora|deudora|acreedora)\b",
    ),
    (
        "the_account",
        r"\b(?:la|de|una|esta|en|a)? ?(?:cuenta|cta)\b(?= (?:de )?(?:§c|[a-z]))|\b(?:las )?(?:cuentas|ctas)\b(?= §c)",
    ),
    ("accounts", rf"\b{_ACCOUNTS}\b"),
    ("students", rf"\b{_STUDENTS}\b"),
    ("people", rf"\b{_PEOPLE}\b"),
    ("groups", rf"\b{_GROUPS}\b"),
    ("rubros", r"\brubros?\b"),
    ("role", r"\brol(?:es)?\b"),
    ("recorded", rf"\b(?:(?:se|ha|han|fue|fueron|que|lo|la) )*{_WRITTEN}\b(?: por\b)?"),
    (
        "uses",
        r"\b(?:(?:en|con|a) )?(?:donde|que|los que|las que|la que|el que)? ?(?:se )?(?:us[oae]n?|usaron|usad[oa]s?|utiliz\w+|involucr\w+|afect\w+|muev[ae]n?|movi(?:o|eron)|toca[n]?|intervien\w+|participa\w*|aparec\w+|inclu[iy]\w*|imput\w+)\b(?: (?:a|en|con)\b)?",
    ),
    # money
    (
        "owed_to_us",
        r"\b(?:nos )?(?:tienen que|deben|faltan?|quedan?(?: por)?) pagarnos\b|\bnos (?:tienen que|deben) pagar\b|\bpagarnos\b|\b(?:nos|me) (?:deben|debe|debian|adeudan|adeudaban|quedaron debiendo)\b|(?<!se )\bles? deben?\b(?! (?:la|el|nuestra) (?:empresa|negocio|firma|sociedad))|\b(?:tenemos|hay|queda|falta|faltan)? ?(?:para|por|a|que)? ?cobrar\b",
    ),
    (
        "we_owe",
        r"\b(?:(?:les?|se) )?(?:debemos|debiamos|debo|adeudamos|adeudabamos|estamos debiendo|se debe|se les? debe|(?:les? )?debe(?= (?:la|el|nuestra) (?:empresa|negocio|firma|sociedad))|debia la empresa)\b|\bdeudas?(?: totales| total)?\b|\b(?:tenemos|hay|queda|falta|faltan|debemos)? ?(?:para|por|a|que)? ?pagar\b",
    ),
    (
        "both_sides",
        r"\b(?:total(?:es)? (?:de|del) )?(?:debe|debitos?) y (?:del |el )?(?:haber|creditos?)\b|\b(?:cuadran?|balancean?|coinciden?)\b(?: (?:el|los) (?:debe|asientos|libros)(?: (?:y|con) el haber)?)?",
    ),
    (
        "debit",
        r"\b(?:del? |el |al |en el |lado (?:del )?)*debe\b|\bdebit(?:o|os|ado|aron|amos|an)\b|\bse debit(?:o|a|an|aron)\b",
    ),
    (
        "credit",
        r"\b(?:del? |el |al |en el |lado (?:del )?)*haber\b(?! de la)|\b(?:se )?acredit(?:o|a|an|aron|ado|amos)\b",
    ),
    (
        "inflow",
        r"\b(?:se )?(?:entr(?:o|aron|aba|amos|adas?|a|an)|ingres(?:o|aron|amos)|deposit(?:o|aron|amos|ado|os)|recib(?:io|imos|ieron))\b(?: de plata| de dinero)?",
    ),
    ("spent_cost", r"\b(?:nos )?(?:(?:salio|salieron)(?! (?:del?|por)\b)|costo|costaron)\b"),
    (
        "outflow",
        r"(?:^|(?<=\| ))(?:va|van|fue|fueron|esta yendo)\b(?=[| ]*(?:toda |todo )?(?:la |el |nuestra )?(?:plata|dinero|guita))|\b(?:egres(?:o|aron|a|an)(?: de)?|nos salen?|sal(?:en?|io|ieron)(?= (?:del?|por)\b)|(?<= y )salen?|(?<=plata )salen?|(?<=dinero )salen?|se (?:fue|fueron|va|van)|retir(?:o|aron|amos)|salidas?(?: de (?:plata|dinero))?|extra(?:jo|jimos|cciones))\b",
    ),
    ("paid", r"\b(?:se |le |les )?pag(?:o|amos|aron|ad[oa]s?|ue|os|an|aba)\b"),
    ("collected", r"\b(?:se |nos )?cobr(?:o|amos|aron|ado|e|anzas?|os)\b"),
    ("bought", r"\b(?:se )?compr(?:o|amos|aron|ado|e)\b"),
    (
        "spent",
        r"\b(?:(?:se|nos) )*(?:gast(?:amos|aron|aste|ad[oa]s?|ar|e|an|a|abamos)|desembols\w+|consumi(?:mos|o)|se nos fue|invertimos)\b",
    ),
    (
        "expenses",
        r"\b(?:gastos?|egresos?|erogacion(?:es)?)(?: (?:totales|total|realizados|general(?:es)?(?= (?:de|del|en) §)))?\b",
    ),
    ("sold", r"\b(?:se )?(?:vend(?:imos|io|ieron|i|ido|e|en)|factur(?:amos|o|aron|ado|acion|e))\b"),
    ("sales", r"\b(?:ventas?|vtas?)(?: (?:totales|total|realizadas))?\b"),
    ("incomes", r"\bingresos?(?: (?:totales|total))?\b"),
    ("balance_side", r"\bsaldos? (?P<side>deudor|acreedor)(?:es)?\b"),
    ("balance", r"\bsaldos?(?: (?:final(?:es)?|actual(?:es)?|contables?|de cierre|inicial(?:es)?))?\b|\bbalance\b"),
    ("partida_active", r"\bactivos?(?: (?:total(?:es)?))?\b"),
    ("partida_passive", r"\bpasivos?(?: (?:total(?:es)?))?\b"),
    ("partida_equity", r"\bpatrimonio(?: neto)?\b|\bpn\b"),
    ("movement", r"\bmovimiento neto\b|\bflujo(?: neto)?(?: de (?:fondos|caja))?\b"),
    ("non_current", r"\bno corrientes?\b"),
    ("current", r"\bcorrientes?\b"),
    ("money", r"\b(?:plata|dinero|guita|mosca|mangos|pesos)\b(?! en efectivo)"),
    (
        "have",
        r"\bcomo (?:venian?|andaban?|estaban?)\b|\b(?:tenemos|tengo|tiene|tienen|teniamos|tenia|habia|hay|queda|quedan|quedaba|quedo|disponemos|contamos con|quedaron)\b|(?<!\| )(?<!\|  )\b(?:cerro|cerraron|termino|terminaron)\b(?= (?:el |la |los |las )*(?:saldos?|caja|bancos?|§c))",
    ),
    (
        "amount",
        r"\b(?:importes?|montos?|valor(?:es)?|total(?:es)?|suma[nr]?|sumatoria|sumaron|sumado|ascienden?|asciende a|en total|acumul(?:o|amos|aron)|valen?(?= (?:el|la|los|las)? ?(?:inventario|mercader|stock|rodado|inmueble|edificio|maquinaria|mueble|§c)))\b",
    ),
    ("accumulated", r"(?:(?<=§c\d )|(?<=\| )|(?<=\|  )|^)acumulad[oa]s?\b|\bacumulado\b"),  # after what is summed: elsewhere it is of a name
    ("how_much", r"\b(?:cuant[oa]|cto|cuanta)\b"),
    (
        "list",
        r"\b(?:mostra(?:me|r|nos)?|muestra(?:me)?|list(?:ado|a|ar|ame|alos)|ver|detalle|detall\w+|traeme|buscar?|busca(?:me)?|enumera(?:r|me)?|cuales|pasame|dame|tirame|poneme|armame|haceme)\b",
    ),
)
RULES = tuple((name, re.compile(pattern)) for name, pattern in _RULES)
DIMENSION_WORDS = tuple((name, re.compile(pattern)) for name, pattern in _DIMENSION_WORDS)


# What stands in `rest` where the words name an exception: what follows it is left out.
EXCEPT = "§x0"


@dataclass(slots=True)
class Signals:
    """What the words of a question signal: by name the texts kept, and what is left unexplained."""

    found: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    rest: str = ""

    def __contains__(self, name: str) -> bool:
        return name in self.found

    def any(self, *names: str) -> bool:
        """Return whether one of the signals stands."""
        return any(name in self.found for name in names)

    def first(self, name: str, key: str) -> str:
        """Return the text kept under a key by the first match of a signal that has it."""
        return next((groups[key] for groups in self.found.get(name, ()) if groups.get(key)), "")

    def drop(self, *names: str) -> None:
        """Forget signals."""
        for name in names:
            self.found.pop(name, None)


def read(marked: str) -> Signals:
    """Return the signals of a marked question; `rest` is what no rule took, cuts shown as |."""
    signals = Signals()
    for name, pattern in RULES:

        def take(match: re.Match[str], name: str = name) -> str:
            if not match[0].strip():
                return match[0]
            groups = {key: value for key, value in match.groupdict().items() if value}
            signals.found.setdefault(name, []).append({**groups, "": match[0].strip(), "at": str(match.start())})
            return f" {EXCEPT} " if name == "except" else " | "

        marked = pattern.sub(take, marked)
    signals.rest = " ".join(marked.split())
    return signals


def dimension_named(text: str) -> str:
    """Return the dimension that a word names."""
    return next((name for name, pattern in DIMENSION_WORDS if pattern.fullmatch(text)), "")
