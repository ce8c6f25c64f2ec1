"""The words of who may come, as ``reading`` folds them: who the label targets, who is among themselves."""

import re


def _any(*patterns: str) -> re.Pattern[str]:
    # A pattern ends with a word, or with the space or apostrophe that calls for one.
    return re.compile(rf"\b(?:{'|'.join(patterns)})(?:(?<=[ '])|(?!\w))")


_STAFF = (
    r"(?:salarie\w*|personnels?|collaborat\w+|employe\w*|agents|cheminots|ouvrier\w* du site"
    r"|(?<!par )(?<!en )(?<!d')equipes?(?! (?:educative|pedagogique|enseignante|mixte|de (?:[0-9]|deux|trois"
    r"|quatre|cinq|six|huit|dix)))"
    r"|effectifs?|compagnons|cadres|encadrants|managers?|intervenants|staff|employees)"
)

# People an organiser is among: their house, their circle, their trade.
CLOSED_GROUP = _any(
    _STAFF,
    r"adherent\w*|membres?|societaires?|cotisant\w*|abonne\w*|licencie\w*|affilie\w*|syndique\w*|delegue\w*"
    r"|actionnaires?|associe\w*|porteurs de parts",
    r"client\w*|fournisseurs?|sous-traitants?|partenaires?|prestataires?|distribut\w+|revendeurs?"
    r"|concessionnaires?|installateurs?|prescripteurs?|annonceurs?|prospects",
    r"acheteu\w+|acheteurs?|donneurs? d'ordres?|exposants?|industriels|industrielles"
    r"|professionnels(?! (?:des? ressources|rh|de l'(?:orientation|insertion|emploi|education)|du recrutement))"
    r"|professionnelles",
    r"decideu\w+|dirigeant\w*|chefs? d'entreprises?|entrepreneu\w+|patrons|directeurs|directrices|investisseurs?"
    r"|homologues|confreres|consoeurs|pairs|experts",
    r"elus?|elues|officiels|personnalites|autorites|invites?|invitees|convives|hotes de marque|vip"
    r"|presse(?! (?:a |hydraul|plieu|meca|numer|offset|de [0-9]|d'inj|[0-9]))|journalistes?|medias|influenceurs",
    r"ancien(?:ne)?s? (?:eleve|etudiant|salarie|apprenti|stagiaire|diplome|du|de)\w*|anciens|anciennes|alumni"
    r"|diplome\w*|retraite\w*",
    r"ayants? droit|ayants-droits?|comite (?:social|d'entreprise|de direction)|cse|habilite\w*|accredite\w*"
    r"|titulaires|detent\w+|porteurs (?:de|d'un) badge|parrains|initie\w*",
    r"filiales?|franchise\w*|cooperateurs|cooperat\w+|resident\w*|locataires|proprietaires",
    r"(?:enfants?|familles?|proches|conjoints?|entourage) (?:du |des |de nos |de ses |d')(?:personnel|salarie"
    r"|collaborat|employe|agent|equipe|adherent|membre)\w*",
    r"members|partners|customers|clients|suppliers|guests|invitees|shareholders|vendors|dealers",
)

TARGET_GROUP = re.compile(
    r"\b(?<!leurs )(?<!leur )(?<!anciens )(?<!anciennes )(?<!ancien )(?<!ancienne )(?:"
    r"scolaires?|eleves?|lyceen\w*|collegien\w*|ecoli\w+|classes?|etudiant\w*|students?|pupils|teachers"
    r"|job ?seekers|visitors|everyone|all welcome"
    r"|apprenti\w*|alternant\w*|stagiaires?|jeunes?|ados?|adolescent\w*|demandeu\w+ d'emploi|chercheu\w+ d'emploi"
    r"|candidat\w*|(?:en |a la )recherche d'emploi"
    r"|en reconversion|inscrit\w* a (?:france travail|pole emploi)|france travail|pole emploi|mission locale"
    r"|allocataires?|rsa|sans emploi"
    r"|enseignant\w*|professeu\w*|profs?|psyen|psy-en|cpe|conseill\w+ (?:d'orientation|principa\w+|en insertion)"
    r"|communaute educative|equipes? (?:educative|pedagogique|enseignante)s?|formateurs|formatrices|proviseurs?"
    r"|principaux|inspecteurs"
    r"|recruteu\w+|rh|drh|ressources humaines|charge\w* de recrutement|professionnels de l'(?:orientation"
    r"|insertion|emploi)"
    r"|grand public|tous? publics?|public large|habitant\w*|riverain\w*|voisin\w*|citoyen\w*"
    r"|familles?(?! (?:du personnel|des salarie|de nos|des collab|des agents|des employe|de l'entreprise|de ses))"
    r"|parents?|curieu\w+|tout le monde|(?:a|pour|de) tous|a toutes|chacun|visiteurs?|passants|badauds"
    r"|particuliers|internautes"
    r"|filles?|femmes?|garcons?|3es?|4es?|5es?|6es?|2des?|secondes|terminales?|bts|bac pro"
    r")(?!\w)"
)

# Whom one may keep a session for without closing it to the target audiences.
ANY_PUBLIC = re.compile(
    r"^ ?(?:exclusivement |uniquement |strictement )?(?:(?:les?|la|l'|tous|toutes|toute|ceux|celles|un|une|des"
    r"|chaque|votre|ta|vos|deux|trois|quatre|[0-9]+|seules?|seuls?) ?)*"
    r"(?:plus|moins|partir|adultes?|majeur\w*|mineur\w*|personnes? (?:majeures?|agees?|de plus|inscrites?"
    r"|a mobilite|en situation|munies|handicapees|interessees|ayant)|groupes?|seniors?"
    r"|inscrit\w*|premiers|premieres|debutant\w*|usagers|petits|grands|enfants?|tout-petits|bambins|public\w*"
    r"|gens|amateurs|passionnes|curiosite|imagination"
    r"|marins|porteurs de projet|beneficiaires|spectateurs|joueurs|equipes d[e'] |demi-pensionnaires|internes"
    r"|pensionnaires|bacheliers|sportifs|[0-9]|l'avance|la visite|la rencontre)"
)

RESERVED = re.compile(
    r"\breserv(?:e|ee|es|ees)\b(?: exclusivement| uniquement| strictement| prioritairement| en priorite)? (?:a|au"
    r"|aux)\b"
)
# « exclusivement », « seuls », « limité aux »: the closed group follows within a few words.
ONLY_BEFORE = re.compile(
    r"\b(?:exclusivement|exclusif|exclusive|uniquement|strictement|seulement|restreint\w*|seuls|seules|seul le"
    r"|seule la|aux seuls|only (?:for|to|open)|exclusively|restricted to|limited to|open only to|for our"
    r"|limite(?:e|s|es)? (?:a|au|aux)|(?:ne |n')(?:est |sont |sera |seront )?(?:vis|concern|s'adress|accueill"
    r"|recoi|re[cs]oiv|ouvert|accessible|invit|admet|convi|possible)\w*[^.!?;]{0,20} qu(?:e|')"
    r"|n'(?:est|sont) (?:ouvert|accessible|destine|propose|reserve)\w* qu'|rien que (?:pour )?|ne (?:peuvent"
    r"|pourront) (?:venir|entrer|participer|assister|s'inscrire) que)(?!\w)"
)
ONLY_AFTER = re.compile(
    r"^(?: (?:du |de la |de l'|des |de |d'|of the |of )[\w'-]+){0,2}(?: \w+(?:el|if|eu|eur|ien)s)? ?(?:,"
    r"|\()? ?(?:only|uniquement|exclusivement"
    r"|seulement|seuls|seules|exclusively)\b"
)
# « s'adresse à », « destiné aux »: closed only for the house's own people.
ADDRESSED = re.compile(
    r"\b(?:s'adress\w+ (?:exclusivement |uniquement |d'abord )?(?:a|au|aux)|organise\w* (?:pour|par et pour)"
    r"|a l'(?:usage|attention|intention|adresse) (?:de|des|du)|propose\w* (?:a|au|aux)|offert\w* (?:a|au|aux)"
    r"|ouvert\w* (?:a|au|aux)"
    r"|(?:conv|inv)i(?:e|ent|ons|tent|te|tons|tees?|tes)|reuni(?:t|ra|ssent|ssons)|rassembl\w+|accueill\w+"
    r"|recevons|recoit|entre)(?!\w)"
)
OWN_PEOPLE = _any(
    rf"(?:nos|notre|ses|leurs|leur|mes|vos) (?:\w+ )?(?:{_STAFF}|clients?|clientes|clientele|fournisseurs?"
    r"|partenaires?|adherent\w*|membres?|sous-traitants?|annonceurs?|actionnaires?|distributeurs?|revendeurs?"
    r"|prescripteurs?|prestataires?|abonnes|societaires|retraites?|anciens?|homologues|invites?|grands comptes"
    r"|concessionnaires?|associes)",
    r"(?:les |des |aux )(?:enfants|familles|conjoints|proches) (?:du |des |de nos |de ses )(?:personnel|salarie"
    r"|collaborat|employe|agent|adherent|membre)\w*",
    r"(?:le |du |au )personnel|(?:les |des |aux )(?:salaries|adherents|membres|collaborateurs|employes|cotisants"
    r"|societaires|actionnaires|ayants droit|anciens salaries|retraites) (?:du|de|des|d')",
    r"(?:les |des |aux )adherents?|(?:leurs|nos) homologues|dirigeants|initie\w*|confreres|adherents|membres|soi|nous",
)

CLOSED = _any(
    # by invitation
    r"(?:sur|par|uniquement sur|only by) (?:simple )?invitations?(?! (?:libre|gratuite|ouverte|a retirer"
    r"|a imprimer|telechargeable))",
    r"invitations? (?:nominatives?|personnelles?|obligatoires?|requises?|indispensables?|exigees?|only)",
    r"cartons? (?:d'invitation|nominatifs?|personnels?)|muni\w* (?:de |du |d'un |d'une )(?:leur |votre |son "
    r"|sa )?(?:carton|invitation)",
    r"(?:non|pas) (?:convie|invite)\w*|by invitation(?: only)?|invitation[- ]only|liste d'invites|accueil vip",
    r"(?:il faut|vous devez|devez|condition d'|doivent|obligatoire d'|reserve a qui est) ?etre (?:salarie"
    r"|adherent|membre|client|partenaire|abonne|licencie|invite|parraine)\w*",
    r"coopte(?:e|s|es)?|(?:visite|voyage|conference|point|dejeuner|petit-dejeuner) (?:de )?presse(?! (?:a "
    r"|hydraul|plieu))|cooptation|parrainage (?:obligatoire|exige|requis)|sur parrainage"
    r"|parrain\w* par un (?:membre|adherent)",
    # a circle among itself
    r"(?:afterwork|soiree|rencontre|dejeuner|petit-dejeuner|diner|cercle|assemblee|reunion|seminaire|convention|gala"
    r"|congres|rendez-vous|journee|club)s? (?:annuel\w* )?(?:des|de nos|de ses) (?:adherents|membres|clients"
    r"|partenaires"
    r"|fournisseurs|actionnaires|dirigeants|collaborateurs|salaries|franchises|anciens|cadres|distributeurs|directeurs"
    r"|sous-traitants|personnels|investisseurs|elus)",
    r"assemblee generale|(?:reunion|seance) du (?:comite|conseil|bureau|codir|comex)|liste (?:nominative|fermee|close)",
    r"badge (?:salarie|d'entreprise|interne)|(?:seuls?|seules?) (?:convie|invite|admis|attendu|autorise)\w*",
    r"reserved (?:for|to) (?:\w+ )?(?:employees|members|customers|partners|staff|clients|guests|suppliers)",
    # closed doors
    r"(?:evenement|soiree|journee|visite|reunion|rencontre|seance|manifestation) non publi(?:c|que)",
    r"(?:public|visiteurs|exterieurs) (?:n'a|n'ont|n'aura|n'auront) (?:pas|plus|aucun) (?:\w+ )?acces",
    r"huis[ -]clos",
    r"(?:(?:n'est|ne sera|n'etant|ne sont|est|sera) )?(?:pas|plus|non|point)[ -](?:encore |vraiment "
    r"|non plus )?(?:ouvert|accessible)\w* (?:a l'|au |aux |a d')(?:public|grand public|exterieur|exterieurs"
    r"|visiteurs|personnes exterieures|autres|tiers)",
    r"(?:ferme|interdit|inaccessible|clos)\w* (?:a l'|au |aux |a toute )(?:public|grand public|exterieur"
    r"|exterieurs|visiteurs|personnes? (?:exterieure|etrangere)s?|tiers|non[- ](?:adherent|membre|salarie|invite"
    r"|client)\w*)",
    r"personnes? (?:etrangere|exterieure)s? (?:a|au|aux|ne|n')",
    r"(?:public|particuliers|visiteurs|exterieurs|curieux|non[- ](?:adherent|membre|salarie|invite|client)\w*"
    r"|familles|conjoints|accompagnants) (?:ne |n')(?:est|sont|sera|seront) (?:pas|plus) (?:\w+ )?(?:admis|recu"
    r"|accept|accueilli|convie|invite|autorise|attendu)\w*",
    r"(?:aucun|aucune|sans|pas de|ni) (?:public|visiteurs?|accueil du public|personne exterieure"
    r"|personnes exterieures|exterieurs?)(?! (?:de |d'|en |sans |non|mineur))",
    r"(?:n'accueill\w+|ne rec[eo]\w+|n'admet\w*) (?:pas|plus) (?:de |le |les )?(?:public|visiteurs?|exterieurs?"
    r"|particuliers)",
    r"hors public|acces (?:refuse|restreint|sur badge|confidentiel)(?! (?:a [0-9]|aux (?:moins|mineurs|animaux)"
    r"|aux? (?:seconde|retardataire)))|laissez-passer|sur accreditation|accreditation (?:obligatoire|requise"
    r"|presse|exigee)",
    r"(?:evenement|soiree|journee|visite|reunion|rencontre|ceremonie|seance|manifestation|inauguration|moment"
    r"|rendez-vous|session|cocktail|conference|webinaire|diffusion|accrochage) (?:strictement |100 ?% |purement "
    r"|exclusivement |entierement |est |reste )*(?:prive|privee|prives|privatise|privatisee|interne|internes"
    r"|confidentiel|confidentielle|corporate)",
    r"(?:strictement|purement|usage|exclusivement|totalement|reste|restera|rester|cadre) (?:prive|privee|interne"
    r"|internes|confidentiel\w*|intra)[\w-]*",
    r"intra-?(?:entreprise|groupe|muros entreprise)s?|usage interne|seminaire (?:interne|d'entreprise"
    r"|de direction|d'equipe|d'integration)|convention (?:interne|annuelle|commerciale)",
    r"team[ -]?building|cohesion d'equipe|(?:fete|arbre de noel|repas|pot|sortie|voyage|noel) (?:du personnel"
    r"|des salaries|du cse|du comite|de l'entreprise|du club|de l'amicale|d'entreprise)",
    r"(?:restons|rester|reste|est|sera|se retrouver|dejeuner|diner|echanger|discuter"
    r"|se retrouve) (?:donc )?entre (?:nous|soi|collegues|confreres|initie\w*|pairs|adherents|membres|dirigeants"
    r"|salaries)",
    r"(?:ne pas|ne point|evitez de|sans) (?:\w+ )?(?:relayer|diffuser|partager|ebruiter|communiquer|publier"
    r"|faire suivre)(?! (?:de |d'|vos|son))",
    r"b ?to ?b|b2b|(?:convention|rendez-vous) d'affaires",
    r"(?:sur presentation|presentation|muni\w*|sur) (?:obligatoire )?(?:de |du |d'un |de la |de votre "
    r"|de leur )?(?:badge|carte (?:de membre|d'adherent|professionnelle|de presse|de service))(?: (?:salarie"
    r"|d'entreprise|professionnel|du site))?(?! visiteur)",
    # in English
    r"no walk-?ins|not open to (?:the )?(?:general )?public|closed to (?:the )?(?:general )?public|staff only"
    r"|private (?:event|party|viewing|session)|internal (?:event|only|use)|members only|customers only|trade only",
)

NOT_THE_EVENT_BEFORE = re.compile(
    r"\b(?:zones?|parties?|places? de (?:parking|stationnement)|parkings?|stationnements?|portes?|portail"
    r"|couloirs?|secteurs?|batiments?|vestiaires?|cantines?|restaurants?|ascenseurs?|escaliers?"
    r"|espaces?|stands?|coin|tables?|allees?|quais?|cours?|etages?|laboratoires?|locaux|toilettes|salles?|lignes?"
    r"|metiers?|formations?|postes?|materiels?|machines?|outils?|produits?|equipements?)"
    r"(?: [\w'-]+){0,3} ?$"
)
# A list ends where a new thought begins.
ENUMERATION_END = re.compile(
    r"[(:]|\b(?:qui|que|pour|afin|dont|avec|sur|lors|merci|car|parce|sans|chez|dans|en presence|mais(?! aussi"
    r"| egalement))\b"
)
# « destiné à nos clients » closes an event, not the parts it makes.
ADDRESSED_EVENT = re.compile(
    r"\b(?:journee|visite|soiree|seance|evenement|rencontre|atelier|session|webinaire|elle|il|matinee|apres-midi"
    r"|conference|moment|rendez-vous|operation|portes|demonstration|exposition|sortie|dejeuner)\b[^.!?;]{0,60}"
    r"\b(?:destine(?:e|s|es)? (?:a|au|aux)|dedie(?:e|s|es)? (?:a|au|aux)|a destination (?:de|des|du)"
    r"|prevue?s? pour|faite?s? pour|concue?s? pour|pensee?s? pour)(?!\w)"
)
DENIED_BEFORE = re.compile(
    r"\b(?:n'est|ne sont|ne sera|ne seront|n'etait|pas|non|plus|jamais|ni|loin d'etre|nullement|aucunement|sans"
    r"|no longer|not)(?: (?:pas|plus|que|du tout|uniquement|seulement|besoin d\w*|besoin))*[ -]*$"
)
OTHER_DAYS = re.compile(
    r"\b(?<!comme )(?:d'ordinaire|d'habitude|habituellement|ordinairement|en temps normal|normalement"
    r"|en temps ordinaire|toute l'annee|le reste de l'annee"
    r"|jusqu'ici|jusqu'a present|jusqu'alors|jusque-la|l'an dernier|l'an passe|les autres jours|contrairement"
    r"|d'autres jours|a la difference|autrefois|naguere|jadis|en general|usuellement|rarement"
    r"|ouvr\w+ exceptionnellement|exceptionnellement ouvert\w*|exceptionnellement (?:ses|leurs|nos|les) portes)\b"
)
