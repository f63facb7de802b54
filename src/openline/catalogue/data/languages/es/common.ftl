### What stands round every message: status, marks, shapes of values, units.

## Status: stands in every block and every row.

status-ACTUAL = REAL
status-EXERCISE = EJERCICIO
status-TEST = PRUEBA

## Answers that stand in place of a value. They are different answers and never share a phrase.

answer-unknown = DESCONOCIDO
answer-withheld = RESERVADO
answer-not_stated = NO INDICADO
answer-none = NINGUNO
value-yes_no-yes = SÍ
value-yes_no-no = NO
value-certainty-observed = observado
value-certainty-likely = probable
value-certainty-possible = posible
value-certainty-unlikely = poco probable
precision-hour = con precisión de una hora
precision-day = con precisión de un día

## Shapes of values. Variables are ready strings; no word is bent to fit them.

certain-value = { $value } (grado de certeza: { $certainty })
precise-value = { $value } (precisión: { $precision })
window-closed = inicio: { $from }; fin: { $until }
window-open = inicio: { $from }; fin: no indicado
window-days = primer día: { $from }; último día: { $until }
place-circle = círculo; centro: { $centre }; radio: { $radius }
place-polygon = polígono; vértices en orden: { $corners }
place-named = lugar designado: { $name }
heights = límite inferior: { $lower }; límite superior: { $upper }
height-reference-surface = superficie de la tierra o del mar
height-reference-unlimited = sin límite superior
height-reference-msl = { $height } sobre el nivel medio del mar
height-reference-flight_level = nivel de vuelo: { $height }
azimuth = { $degrees }° desde el norte verdadero
azimuth-sector = sector en sentido horario desde el norte verdadero; primer lado: { $from }°; último lado: { $until }°
count-band = como mínimo: { $lower }; como máximo: { $upper }
count-at_least = como mínimo: { $number }
quantity = { $number } { $unit }
own-text = texto original, sin traducir: “{ $text }”
act-open = { $act } (se hace o no se hace: no indicado)

## Units: our own table.

unit-m = m
unit-km = km
unit-NM = millas náuticas
unit-ft = ft (pies)
unit-m_s = m/s
unit-km_h = km/h
unit-kt = kt (nudos)
unit-s = s
unit-min = min
unit-h = h
unit-d = d (días)
unit-Bq = Bq
unit-GBq = GBq
unit-TBq = TBq
unit-PBq = PBq
unit-nSv_h = nSv/h
unit-uSv_h = µSv/h
unit-mSv_h = mSv/h
unit-Sv_h = Sv/h

## What stands round every message.

meta-status = Carácter
meta-sender = De
meta-authored = Redactado a
meta-precedence = Precedencia
meta-authority = Bajo la autoridad de
meta-principal = Aprobado por la máxima autoridad
meta-officer = Oficial
meta-ref = Se refiere al mensaje
meta-valid_from = Válido desde
meta-valid_until = Válido hasta
meta-respond_by = Responder a más tardar
meta-pass_to = Transmitir a
meta-action = Debe responder
meta-clearance = Puede mostrarse a
meta-force = Tipo de declaración
force-fact = exposición de hechos
force-intention = declaración de intención
force-request = solicitud
force-question = pregunta
force-proposal = propuesta; no obliga a nadie hasta su aceptación
force-reply = respuesta
force-text = texto libre, sin codificar
precedence-ROUTINE = RUTINA
precedence-PRIORITY = PRIORITARIO
precedence-IMMEDIATE = INMEDIATO
precedence-FLASH = FLASH
authority-DUTY_OFFICER = oficial de guardia
authority-RELEASER = oficial de guardia y autorizador
authority-DELEGATE = delegado
authority-PRINCIPAL = máxima autoridad
authority-MEDIATOR = mediador
principal-NOT_STATED = NO INDICADO
principal-YES = SÍ, APROBADO
principal-NO = NO, NO APROBADO
action-all = todos los demás miembros

## Marks under every rendering.

mark-data_prevails = Los datos prevalecen sobre esta redacción.
mark-back_read = Redacción retroleída frase por frase por sus autores; no revisada por un diplomático hablante nativo.
mark-draft = REDACCIÓN PROVISIONAL: no revisada por un diplomático hablante nativo.
mark-name_as_sent = Un nombre figura como lo escribió el remitente; no está en el glosario.
mark-text_concern = Las palabras del remitente contienen caracteres engañosos; se muestran por su código o se nombran en las advertencias.

## What a reader cannot see in somebody's own words (the concerns of `untrusted`).

concern-HIDDEN = Un carácter sin forma propia se muestra por su código.
concern-MANY_MARKS = Una letra lleva más signos de los que pide cualquier escritura.
concern-MIXED_SCRIPTS = Una palabra mezcla letras de varias escrituras.
concern-WHOLE_SCRIPT = Una palabra está escrita por completo en letras parecidas de otra escritura.
concern-LOOKS_LIKE_NAME = Esto se parece a un nombre del glosario, pero no es ese nombre.
concern-FOREIGN_NUMERAL = Este número no está escrito con cifras occidentales.
concern-MIXED_NUMERALS = Un texto mezcla cifras de varios sistemas.
concern-LETTER_IN_NUMBER = Entre cifras hay una letra que parece una cifra.
