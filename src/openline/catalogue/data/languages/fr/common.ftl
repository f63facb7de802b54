### What stands round every message: status, marks, shapes of values, units.

## Status: stands in every block and every row.

status-ACTUAL = RÉEL
status-EXERCISE = EXERCICE
status-TEST = ESSAI

## Answers that stand in place of a value. They are different answers and never share a phrase.

answer-unknown = INCONNU
answer-withheld = NON COMMUNIQUÉ
answer-not_stated = NON PRÉCISÉ
answer-none = NÉANT
value-yes_no-yes = OUI
value-yes_no-no = NON
value-certainty-observed = observé
value-certainty-likely = probable
value-certainty-possible = possible
value-certainty-unlikely = peu probable
precision-hour = à l’heure près
precision-day = au jour près

## Shapes of values. Variables are ready strings; no word is bent to fit them.

certain-value = { $value } (degré de certitude : { $certainty })
precise-value = { $value } (précision : { $precision })
window-closed = début : { $from } ; fin : { $until }
window-open = début : { $from } ; fin : non précisée
window-days = premier jour : { $from } ; dernier jour : { $until }
place-circle = cercle ; centre : { $centre } ; rayon : { $radius }
place-polygon = polygone ; sommets dans l’ordre : { $corners }
place-named = lieu désigné : { $name }
heights = limite inférieure : { $lower } ; limite supérieure : { $upper }
height-reference-surface = surface du sol ou de la mer
height-reference-unlimited = sans limite supérieure
height-reference-msl = { $height } au-dessus du niveau moyen de la mer
height-reference-flight_level = niveau de vol : { $height }
azimuth = { $degrees }° par rapport au nord vrai
azimuth-sector = secteur dans le sens horaire depuis le nord vrai ; premier côté : { $from }° ; dernier côté : { $until }°
count-band = au moins : { $lower } ; au plus : { $upper }
count-at_least = au moins : { $number }
quantity = { $number } { $unit }
own-text = texte d’origine, non traduit : “{ $text }”
act-open = { $act } (fait ou non fait : non précisé)

## Units: our own table.

unit-m = m
unit-km = km
unit-NM = M (milles marins)
unit-ft = ft (pieds)
unit-m_s = m/s
unit-km_h = km/h
unit-kt = nd (nœuds)
unit-s = s
unit-min = min
unit-h = h
unit-d = j
unit-Bq = Bq
unit-GBq = GBq
unit-TBq = TBq
unit-PBq = PBq
unit-nSv_h = nSv/h
unit-uSv_h = µSv/h
unit-mSv_h = mSv/h
unit-Sv_h = Sv/h

## What stands round every message.

meta-status = Statut
meta-sender = De
meta-authored = Rédigé à
meta-precedence = Priorité
meta-authority = Sous l’autorité de
meta-principal = Approuvé par l’autorité suprême
meta-officer = Officier
meta-ref = Se réfère au message
meta-valid_from = Valable à partir de
meta-valid_until = Valable jusqu’à
meta-respond_by = Répondre au plus tard à
meta-pass_to = À transmettre à
meta-action = Réponse due par
meta-clearance = Peut être montré à
meta-force = Nature du propos
force-fact = énoncé de fait
force-intention = déclaration d’intention
force-request = demande
force-question = question
force-proposal = proposition ; n’engage personne avant acceptation
force-reply = réponse
force-text = texte libre, non codé
precedence-ROUTINE = ROUTINE
precedence-PRIORITY = PRIORITAIRE
precedence-IMMEDIATE = IMMÉDIAT
precedence-FLASH = FLASH
authority-DUTY_OFFICER = officier de permanence
authority-RELEASER = officier de permanence et second signataire
authority-DELEGATE = délégué
authority-PRINCIPAL = autorité suprême
authority-MEDIATOR = médiateur
principal-NOT_STATED = NON PRÉCISÉ
principal-YES = OUI, APPROUVÉ
principal-NO = NON, NON APPROUVÉ
action-all = tous les autres membres

## Marks under every rendering.

mark-data_prevails = Les données prévalent sur la présente formulation.
mark-back_read = Formulation relue en sens inverse, phrase par phrase, par ses auteurs ; non revue par un diplomate de langue maternelle.
mark-draft = FORMULATION PROVISOIRE : non revue par un diplomate de langue maternelle.
mark-name_as_sent = Un nom figure tel que l’expéditeur l’a écrit ; il n’est pas au glossaire.
mark-text_concern = Les mots de l’expéditeur contiennent des caractères trompeurs ; ils sont montrés par leur code ou nommés dans les avertissements.

## What a reader cannot see in somebody's own words (the concerns of `untrusted`).

concern-HIDDEN = Un caractère sans forme propre est montré par son code.
concern-MANY_MARKS = Une lettre porte plus de signes qu’aucune écriture n’en demande.
concern-MIXED_SCRIPTS = Un mot mêle des lettres de plusieurs écritures.
concern-WHOLE_SCRIPT = Un mot est écrit entièrement en lettres semblables d’une autre écriture.
concern-LOOKS_LIKE_NAME = Cela ressemble à un nom du glossaire mais n’est pas ce nom.
concern-FOREIGN_NUMERAL = Ce nombre n’est pas écrit en chiffres occidentaux.
concern-MIXED_NUMERALS = Un texte mêle des chiffres de plusieurs systèmes.
concern-LETTER_IN_NUMBER = Une lettre parmi des chiffres ressemble à un chiffre.
