"""Words of questions that carry no slot: those that join or soften, those worth mending, those that are no slip.

None of the fillers negates or narrows: sin, menos, salvo and otro must be explained like any other word.
"""

from __future__ import annotations

_FILLERS = """
junto juntos juntas sumados sumadas sumando conjunto segun
hicimos tuvieron estuvimos
hemos llevamos llevo llevaba resumen reporte cuadro tabla grafico planilla hubieron existe existen existia
a aca actual actuales actualizado actualizados actualmente ahi ahora al algo alguien ambas ambos anda ante aparte
aproximadamente aun cada che comercio como con concepto conceptos conocer consulta
contabilidad contable contables correspondiente correspondientes cosa cosas cual cuales cuenta d dato datos
de deci decime decir del dentro desde dime donde durante e efectivamente el ella ellas ellos empresa en
entonces entre era eran es esa esas ese eso esos esta estaba estaban estan estas este esten esto estos estuvieran
exactamente figura figuran figuren firma fue fueron general gracias ha habian hace haceme hacia han
hasta hayan hice hola hoy hubo info informacion informe k la las le les libro libros lo los me mi mis momento monton
mostrame muy necesito negocio nomas nos nuestra nuestras nuestro nuestros o para parte pasa pero plis pls podes
podria podrias por porfa porfavor pregunta pudiste puede puedo pues q que querria quiero quisiera realmente referido
registrada registrado relacionada relacionadas relacionado relacionados reporte respecto saber se sea sean ser si
sistema sociedad solamente solo son su sus tal tambien te tipo toda todas todo todos tu tus tuvieron tuvimos
tuvo un una unas uno unos usted va valores van ver vez viene x xfa y ya yo
"""
# Common words that are no slip of a word we know, and that nothing explains.
_COMMON = """
abogado acciones alto amiga amigo ana anos aplicacion asi aunque auto avion ayuda azul bajo banca barrio bastante
besos blanco bolsa calle cancion carlos carta casa casas cheque cheques chiste ciudad clase clave cliente clima
cobre comida correo cuando cuento cuota cuotas curso cuyo demasiado deporte deposito direccion dolar dolares duda
dudas duena dueno edad email empleada empleado empleados error escuela euro euros examen excepto factura facturas
feo futbol gato gente gobierno hermano hijo hora horas hotel inflacion inversion jefe jose juan juicio kilo kilos
laura ley linda lindo litro litros lluvia local locales lugar luis madre mail malo mano maria materia medico mejor
menos mercado meta metro metros moto mucha mucho muchos mundo musica nada negro ni no nombre nota novio nueva nuevo
nunca otra otras otro otros padre pagaria pagina pais partido pedro perro persona pesos pisos poca poco pocos poema
porque precio precios presidente prima primo problema producto productos profesor profesora programa provincia quien
receta rojo salud salvo servicio siempre sin sino sitio stock sucursal sucursales tampoco tan tanto tarea tasa
telefono tiempo tio trabaja trabajamos trabajan trabajo unidad unidades usuario vencimiento vendedor vendedora
vendedores venderia verde viaje vida vieja viejo web
"""
# The words worth mending when mistyped: those that carry a question.
_SPELLING = """
abril activo agosto alquiler alquileres alumno alumnos anterior asiento asientos banco bancos bimestre caja cargo
cerrados clientes cobramos codigo comparado compramos contrapartida cuanta cuantas cuanto cuantos cuatrimestre
cuenta cuentas debe debemos deben deuda deudas dicen diciembre diferencia egresos ejercicio endeudamiento enero
facturamos febrero ganamos ganancia gastamos gasto gastos grupo haber ingresos julio junio leyenda liquidez listado
margen marzo mayo mayor mencionan menor mensual mes meses mostrame movimiento movimientos noviembre octubre pagamos
partida pasado pasivo patrimonio pendientes perdida perdimos plan porcentaje primer primero promedio proveedores
quien quincena registro respecto resultado rubro saldo saldos semana semestre septiembre solvencia sueldos tenemos
total trimestre ultima ultimo ultimos usuario usuarios variacion vendimos venta ventas verificados verificar
"""
# Short words of questions that are mended only when they are written as they sound: iso, ay, vendio with a b.
_BY_EAR = """
haber habia hacer hay haya hice hicieron hicimos hizo hubo hoy vendio vendieron vendi valor valores vez veces va ver
salio hasta mayor menor llevamos registro registraron ingresaron hecho hechos quien quienes que cual hacen
"""
FILLERS = frozenset(_FILLERS.split())
COMMON = frozenset(_COMMON.split())
SPELLING = frozenset(_SPELLING.split())
BY_EAR = frozenset(_BY_EAR.split())
# What turns a name around: never dropped as a joining word.
NEGATIONS = frozenset({"sin", "no", "ni", "menos", "salvo", "excepto", "contra"})
