"""The words of money, as ``reading`` folds them: what asks for a payment, and what excuses it."""

import re


def _any(*patterns: str) -> re.Pattern[str]:
    # A pattern ends with a word, or with the space or apostrophe that calls for one.
    return re.compile(rf"\b(?:{'|'.join(patterns)})(?:(?<=[ '])|(?!\w))")


_CURRENCY = r"(?:€|euros?\b|eur\b)"
_SMALL_NUMBERS = (
    "un|une|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|douze|quinze|vingt|vingt-cinq|trente|quarante|cinquante"
)

# « 5 € », « 1 200,50 euros », « € 5 », « 5€50 », « dix euros »; not « 14 M€ » nor « 3 millions d’euros ».
AMOUNT = re.compile(
    rf"(?<![\w,.])(?P<number>[0-9]{{1,3}}(?:[ .'][0-9]{{3}}){{1,3}}(?:,[0-9]{{1,2}})?"
    rf"|[0-9]{{1,9}}(?:[.,][0-9]{{1,2}})?)"
    rf"(?: ?ou [0-9]{{1,4}})? ?{_CURRENCY}(?:[0-9]{{2}})?(?! ?/ ?h\b)"
    rf"|€ ?(?P<number_after>[0-9]{{1,6}}(?:[.,][0-9]{{1,2}})?)"
    r"|\b(?:dizaine|douzaine|quinzaine|vingtaine|trentaine) d'euros\b|\b(?:zero|quelques"
    rf"|{_SMALL_NUMBERS}) euros?(?: symboliques?)?\b"
)

FREE = _any(
    r"gratuit(?:e|s|es|ement|e totale)?",
    r"gratos",
    r"gracieu(?:sement|x|se)",
    r"(?:entree|acces|participation|visite)s? libres?",
    r"libre (?:acces|entree)",
    r"(?:ne|n')[^.!?;]{0,25}cout\w+ (?:absolument )?rien",
    r"sans (?:frais|bourse delier|aucun frais)",
    r"aucuns? frais",
    r"non payante?s?",
    r"pas payante?s?",
    r"(?:0|zero) ?(?:€|euros?)",
    r"rien a (?:payer|debourser|regler)",
    r"free (?:entry|admission|of charge|event|tour|visit)",
    r"admission free",
)

_FOR_WHAT = (
    r"(?:participation|inscription|dossier|bouche|restauration|repas|gestion|materiel|matieres?|fournitures?"
    r"|visite|entree|acces|reservation|assurance|guide|guidage|encadrement|atelier|nettoyage|sejour|hebergement"
    r"|adhesion|accueil|degustation|collation|dejeuner|cocktail|badge)"
)
_MEAL = (
    r"(?:repas|dejeuners?|petit-dejeuner|diner|plateaux?(?:-repas)?|menus?|buffet|paniers?(?:-repas)?|sandwich\w*"
    r"|brunch|restauration|collation|gouter|boissons?|consommations?|cocktail|apero\w*)"
)

CHARGE = _any(
    # prices
    r"(?:demi-|plein )?tarif(?:s|aire|aires|ication|e|es)?",
    r"(?:plein|demi)[ -]tarif",
    r"payante?s?",
    r"payer|payez|paient|paieront|paiera|paierez|payable"
    r"|(?<!terminaux de )(?<!terminal de )(?<!cartes de )(?<!solutions de )(?<!systemes de )paiements?",
    r"payee?s? (?:sur place|a l'avance|d'avance|par (?:le |les |la |chaque |nos )?(?:visiteur|participant|eleve"
    r"|famille|personne)\w*)",
    r"billet(?:terie|eterie)",
    r"(?:droits?|prix|tickets?) d'(?:entree|inscription|acces|admission)",
    r"prix (?:de |du |des |d'|par )(?:la |l'|une )?(?:visite|place|billet|repas|entree|personne|tete|atelier|ticket"
    r"|participation|inscription|journee|sortie|soiree|dejeuner|plateau|menu|pass|enfant|adulte)s?",
    r"prix (?:libres?|modiques?|reduits?|symboliques?|coutant|doux|d'ami|special|preferentiel|unique)",
    r"(?:entree|somme|participation|contribution|tarif|prix)s?,? (?:tres )?modiques?",
    r"modique (?:somme|participation|contribution)",
    r"quelques (?:pieces|centimes|sous)",
    r"(?:un|l')euro symbolique",
    r"grilles? (?:tarifaire|des (?:prix|tarifs)|au (?:comptoir|guichet)|affichee)",
    # fees and shares
    rf"frais (?:de |d')(?:la |l')?{_FOR_WHAT}",
    r"(?:participation|contribution)s? aux frais",
    r"frais (?:reels|annexes|modiques|supplementaires|a prevoir|a regler|a votre charge|restent?|sont|seront"
    r"|demandes?)",
    r"(?:a |aux )(?:vos|leurs|ses) frais",
    r"participation (?:financiere|demandee|forfaitaire|obligatoire|solidaire|consciente|symbolique|souhaitee|requise"
    r"|au (?:repas|buffet|pot|gouter|cout)|a la (?:collation|cagnotte)|de [0-9]+ ?(?:e\b|€|eur)|: ?[0-9]+)",
    r"(?:petite|legere|faible) (?:participation|contribution)",
    r"(?:une|la) participation (?:sera|est|vous|leur)",
    r"p\.?a\.?f",
    r"contribution (?:financiere|libre|volontaire|demandee|symbolique|solidaire|forfaitaire|obligatoire"
    rf"|de (?:[0-9]+|quelques|{_SMALL_NUMBERS})\b)",
    r"cotisations?(?! (?:sociales?|patronales?|salariales?|retraite|foncieres?))",
    r"quote-?parts?",
    r"ecot",
    r"forfait(?: de| :| journee| repas| visite| famille| a [0-9]+)",
    r"moyennant",
    r"s'acquitter|acquitt(?:er|ez|ent|eront) (?:de |d'|du |des |la |l'|les |un |une |leur |votre )",
    r"facture(?:e|s|es)? (?:a |aux? |par |sur |[0-9])|(?:sera|seront) facture\w*|sur facture",
    r"en supplement|avec supplement|supplement (?:de |d'|pour |a regler|:)",
    r"a debourser|debours(?:er|ez|eront)",
    r"(?:a|a la|restent? a (?:la|votre|leur)) charge (?:de |d'|du |des )(?:l'|la |le |les |chaque )?\w+"
    r"|a (?:votre|leur) charge",
    r"(?:liens?|modes?|cheques?) de reglement|reglement (?:sur place|par |en (?:especes|ligne|liquide)"
    r"|a l'(?:inscription|entree|accueil)|d'avance|a la )",
    r"(?:regl(?:er|ez|ent|e|ement)|a regler) (?:le jour (?:meme|j)|sur place|par (?:cheque|carte|virement|cb)"
    r"|en (?:especes|liquide)"
    r"|a l'(?:entree|accueil|avance|inscription)|a la caisse|au (?:comptoir|guichet|tresorier)|d'avance"
    r"|aupres d\w+|l'entree|leur (?:entree|place|part)|votre (?:entree|place|part))",
    r"en especes|en liquide|carte bancaire|cb acceptee|cheques? a l'ordre|par cheque|par virement|helloasso|paypal",
    r"(?:prevo\w+|apport\w+|avec|munissez-vous) (?:de la |un peu de |de quoi de la )?monnaie|l'appoint",
    r"terminal de paiement a l'entree",
    r"(?:chaque|chacune?|tout) (?:\w+ )?(?:verse|paie|paye|regle|laisse|donne|depose) (?:[0-9]|sa|son|ce qu"
    rf"|{_SMALL_NUMBERS})",
    r"(?:inscription|entree|participation|prix|pass|billet)s? ?: ?[0-9]{1,3}(?:[.,][0-9]{1,2})?"
    r"(?![.,]?[0-9]| ?(?:[0-9h:/%-]|places?|personnes?|min|ans|rue|avenue|av|bd|boulevard|quai|chemin|allee|route"
    r"|bis|ter"
    r"|janvier|octobre|novembre|decembre|lieu))",
    r"enveloppe (?:circul\w+|passe\w*|a l'entree|pour)",
    # membership
    r"adhesions? (?:a l'|a la |a notre |au |aux |annuelles?|obligatoires?|prealables?|requises?|demandees?"
    r"|necessaires?|sur place|de [0-9]+ ?(?:€|e\b)|: ?[0-9])",
    r"(?:bulletin|montant|prix) d'adhesion|l'adhesion (?:annuelle|est|sera)|adherer (?:a l'association|a notre"
    r"|au (?:club|reseau|syndicat))"
    r"|devenir (?:membre|adherente?)",
    r"cartes? (?:annuelles?|d'adherente?s?|de membres?|d'adhesion|d'abonnement)",
    r"abonnement (?:requis|obligatoire|necessaire|mensuel|annuel|premium)",
    r"licence (?:obligatoire|journee|a la journee)",
    # deposits
    r"caution(?:s|nement)?(?! (?:scientifique|morale|bancaire|solidaire|technique|academique|pedagogique"
    r"|intellectuelle))",
    r"depots? de garantie|cheques? de (?:caution|garantie)|arrhes|acomptes?|consigne (?:de [0-9]|rendue"
    r"|remboursee|payante|sur les (?:gobelets|ecocups?))",
    # donations
    r"oboles?",
    r"chapeau (?:a la sortie|a l'entree|a la fin|en fin|passe\w*|sera|tourn\w+|circul\w+|libre|pour (?:les|la|le)"
    r"|dans)|au chapeau",
    r"dons? (?:libres?|bienvenus?|accept\w+|apprecie\w*|possibles?|souhaite\w*|encourag\w+|suggere\w*"
    r"|conscient\w*|en faveur|au profit)",
    r"urnes?|tirelire|cagnotte|tronc a l'entree|corbeille (?:a l'entree|a la sortie|circul\w+|passe\w*|pour)",
    r"participation libre|libre participation|libre contribution|donation",
    r"(?:selon |a |de )?(?:votre|vos|la|leur) (?:bon coeur|generosite|appreciation|moyens)|au bon coeur|a bon coeur",
    r"revers(?:e|es|ee|ees|ement) (?:a |au |aux |integralement)",
    # tickets
    r"guichet :|passage en caisse|a la caisse",
    r"early[ -]bird|code promo\w*|reduction (?:etudiante?|adherents?|pour les|sur (?:le|l'|la)) ?(?:prix|billet"
    r"|tarif|entree|place)?",
    r"(?:billets?|places?|entrees?|tickets?|pass|passeports?)[^.!?;,]{0,25} (?:en (?:pre)?vente|vendu\w*"
    r"|a acheter|a l'achat)",
    r"ach(?:at|eter|etez|etant) (?:du |de |d'un |d'une |votre |vos |son |leur |leurs |un |une |le |l'"
    r"|des )?(?:billets?|places?|tickets?|pass|entrees?|carte|kit)",
    r"prevente|pass culture",
    # on-site meals
    rf"{_MEAL}[^.!?;]{{0,40}}(?:a reserver et|en vente|en supplement|au prix|vendu\w*|de vente|au tarif)",
    r"buvette|food-?trucks?|camions?-restaurants?|petite restauration|vente de (?:boissons|gateaux|crepes"
    r"|sandwich\w*|repas)",
    r"consommations? (?:obligatoire|a votre|en sus)",
    r"tombola",
    # in English
    r"(?:entry|entrance|admission|registration|participation|small|cover)(?: \w+)? (?:fees?|charges?)"
    r"|fees? (?:appl\w+|of|:)|ticket (?:price|sales?|required)|paid (?:entry|admission|tickets?)"
    r"|pay (?:at|on|what|as|for)|tickets? (?:at|from|cost|on sale)|donations?(?: welcome)?",
)

# Gratuity with a limit is a payment for the others: no denial excuses it.
_NOT_EVERYBODY = (
    r"(?!tous\b|toutes\b|tout le monde|(?:les |le |nos |l'ensemble |la )?(?:visiteur|participant|public|grand public"
    r"|ensemble|candidat|inscrit|classes|etablissement|tout public|publics|eleves|scolaires et |familles et))"
)
ALWAYS_A_CHARGE = _any(
    r"gratuite partielle|(?:partiellement|en partie|quasi(?:ment)?|presque|a moitie|semi)[ -]gratuite?s?",
    r"gratuite?s? ou presque",
    r"(?:n'est|ne sont|ne sera|n'etant) (?:pas|plus|que)(?: \w+ment| tout a fait)? gratuite?s?",
    r"(?:pas|non) (?:\w+ment )?gratuite?s?(?! seulement)",
    rf"gratuit(?:e|s|es|ement|ement)? (?:uniquement |seulement |reserve\w* )?(?:pour|aux) {_NOT_EVERYBODY}(?:les"
    r"|la|le|l'|nos|ceux|une?|des|\w+)",
    r"gratuite? (?:reservee|limitee|accordee|sous conditions?|offerte)",
    r"gratuite?s? (?:jusqu\w*|les \w+ premi\w+|la premiere|le premier|sous conditions?|a partir d\w+|selon|sauf"
    r"|hors (?:repas|dejeuner|materiel))",
    r"gratuite?s? sur presentation (?:de (?:la|votre|leur) carte|d'un(?:e carte| justificatif))",
    r"(?:coute|couter\w*|paie\w*|regle\w*|deboursera?) rien (?:les|la|le|jusqu\w*|pour les|pendant les)",
    r"(?:pour )?les autres(?: \w+)?,? (?:voir |tarif|paient|paieront|reglent|s'acquitt|prix|c'est [0-9]|comptez)\w*",
    r"free for (?:members|students only|children|the first)|not free|partly free",
)

_GUEST = (
    r"(?:adultes?|enfants?|etudiants?|plein|reduit|normal|familles?|tribus?|scolaires?|seniors?|groupes?|entree"
    r"|visiteurs?"
    r"|adherents?|non-adherents?|membres?|extension|jeunes?|lyceens?|collegiens?|eleves?|couples?|duo|solo"
    r"|demandeurs d'emploi)"
)
_PRICE = (
    r" ?[:=]? ?[0-9]{1,3}(?:[.,][0-9]{1,2})?(?! ?(?:h|:|ans|/|%|min|minutes|places|personnes|eleves|m|km|a"
    r"|et|jours|ateliers)\b)(?![0-9h:])"
)
# « adultes 9, étudiants 6 »: two prices and no currency.
PRICE_LIST = re.compile(rf"\b{_GUEST}{_PRICE}[^.!?0-9]{{1,60}}\b{_GUEST}(?: \([^)]{{0,60}}\))?{_PRICE}")

DENIED_BEFORE = re.compile(
    r"(?:(?<!oublier )(?:\bsans(?! oublier| compter| doute)|\baucune?s?|\bni|\bnon|\bjamais|\bzero"
    r"|\bpas besoin de|\bpas a"
    r"|\b(?:pas|point|plus)(?: de| d')?|\bhors|\bno|\bwithout|\bfree of|\bexempte? de|\bdispense\w* de"
    r"|\bau lieu de|\brien"
    r"|\bindependamment d\w+)"
    r"(?: (?!oublier|compter|mais)[\w'-]+){0,2}[ '-]*)$"
)
DENIED_AFTER = re.compile(
    r"(?: (?:uniques?|d'entree|pleine?|de la visite|de l'atelier|pour tous|en ligne|d'inscription|par personne"
    r"|de participation|a l'entree))?"
    r" ?(?::|=|-|,|\(|est|sont|sera|seront)? ?(?:totalement |entierement |completement |\w+ment )?"
    r"(?:gratuit\w*|libres?(?! participation| contribution)\b|0(?:,0+)? ?(?:€|e\b|euros?)|offert\w*|nuls?\b|neant"
    r"|zero|aucune?\b|non\b|inclus\w*|free\b)"
    r"| ?\? ?(?:non|nenni|pas du tout|absolument pas|du tout|jamais|rien|surtout pas)"
    r"| (?:de rachat|horaires?|douaniers?|reglementes?|de l'(?:energie|electricite|eau)|du (?:gaz|kwh)"
    r"|de sa personne|leurs etudes|la planete)"
)
_JOURNEY = (
    r"(?:stationnements?|parkings?|parcmetre|horodateur|peages?|carburant|essence|metro|tram(?:way)?|trains?|ter"
    r"|transports?|transport en commun"
    r"|deplacements?|trajets?|billets? de (?:train|bus|bateau)|tickets? de (?:bus|tram\w*|metro)|garer|se garer"
    r"|zone bleue|voiture|velos?|ferry|barge)"
)
OWN_JOURNEY_BEFORE = re.compile(
    rf"\b{_JOURNEY}(?: (?!entree|visite|inscription|tarif)[\w'()-]+){{0,5}} ?:? ?(?:est |sont |reste |a )?$"
)
OWN_JOURNEY_AFTER = re.compile(
    rf" ?(?:de |d'|du |des |pour |le |la |les |l'|au |aux |en |votre |leur |leurs )*{_JOURNEY}\b"
)
PAID_BY_ANOTHER = re.compile(
    r"\b(?:pris\w* en charge|offert\w*|paye\w* par (?:l'|la |le |nos |notre )|finance\w* par|assum\w* par|(?:est"
    r"|sont|sera|seront) pour nous)"
)
OTHER_DAYS = re.compile(
    r"\b(?:d'ordinaire|d'habitude|habituellement|ordinairement|en temps normal|normalement|en temps ordinaire"
    r"|toute l'annee|le reste de l'annee"
    r"|(?:le reste|au cours) (?:du temps|de l'annee)|contrairement|a la difference|les autres jours|en saison"
    r"|l'ete|exceptionnellement"
    r"|au lieu d\w+|hors (?:semaine|evenement)|d'autres jours|usuellement|en dehors de (?:la|cette) semaine"
    r"|touristiques?)\b"
)

# A sum beside these words is asked from the visitor, whatever else the sentence says.
ASKED_BEFORE = re.compile(
    r"\b(?:entree|tarifs?|participation(?! des)|inscription|caution|adhesion|cotisation|paf|prevo\w+|repas"
    r"|dejeuner|plateau\w*|menu|panier|buffet|pass"
    r"|billets? a|places? a|tickets? a|moyennant|forfait|par personne|sur place|reglement|supplement|stand a"
    r"|demand\w+ aux (?:visiteurs|familles|participants|eleves))"
    r"[^,]{0,30}$"
)
ASKED_AFTER = re.compile(
    r"^(?: ttc)?,? (?:par|/|pour chaque|l') ?(?:personne|pers|tete|visiteur|participant|enfant|adulte|eleve"
    r"|famille|jeune|entree|groupe|classe|equipe|joueur)"
    r"|^ ?/ ?(?:personne|pers|enfant|adulte|eleve)|^(?: ttc)? (?:sur place|a regler|a l'entree|l'entree|la place"
    r"|le repas|la visite|demand|a verser|de participation|de caution|d'adhesion)"
)
MONEY_OF_OTHERS_BEFORE = re.compile(
    r"\b(?:salaires?|salariale|remuner\w+|paye[es]*|gagn\w+|touch\w+|net|brut|gratification|indemnit\w+|primes?"
    r"|bourses?|subvention\w*|subside\w*"
    r"|aides? (?:de|d'|unique|au|a l'|a la|financiere|regionale|publique|europeenne)|aide|finance\w*|investi\w*"
    r"|chiffre d'affaires|ca|budget|amendes?|capital"
    r"|valeur|valent|vaut|valorise\w*|econom\w+|rempor\w+|lots?|recompens\w*|cadeaux?|bons? d'achat"
    r"|cheques?-cadeaux?|cartes?-cadeaux?|dotation|dote\w*"
    r"|(?:billets?|pieces?|coupures?) de|factur\w* (?:d'energie|d'electricite)|export\w*|vend\w*|contrats? de"
    r"|levee|prix de (?:revient|vente|l'innovation)"
    r"|smic|taux horaire|credits?|fonds|mecenat|don d\w+|embauche|recrut\w+ a|coutait|coute\w* a l'(?:usine"
    r"|entreprise)|cout (?:d'un|d'une|de production|de fabrication)"
    r"|rachet\w+|achet\w+|plan de|permis|verse\w*|allou\w+|octroy\w+|collect\w+|recoi\w*|recevr\w*|laureat\w*"
    r"|monnaies?|pris\w* en charge par|million|tonne|a partir de dechets)\b"
)
MONEY_OF_OTHERS_AFTER = re.compile(
    r" ?(?:brut|net\b|de l'heure|/ ?h\b|/ ?heure|par mois|/ ?mois|mensuel|annuel|par an\b|par heure|de salaire"
    r"|de chiffre|de ca\b|d'aides?|de subvention|d'investissement"
    r"|d'investis|investis|de primes?|de budget|de bourse|de dotation|vers\w+ (?:par|aux?)|de gratification"
    r"|en bons?|en cheque|d'achat|de lots?|de recompense|d'economies?|de materiel"
    r"|le kilo|la tonne|le litre|la tonne|le metre|la piece|le kwh|/ ?kg|/ ?tonne|par tonne|de capital|de fonds"
    r"|d'amende|(?:sera |seront )?remis|a gagner|offerts?|de benefice|de degats)"
)
