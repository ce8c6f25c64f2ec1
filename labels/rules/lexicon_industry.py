"""The words of what an event is about, as ``reading`` folds them; ``*`` stands for any ending."""

from .reading import words

# Said in passing, these prove nothing: the name of the week, a chamber of commerce, other « industries ».
NOT_INDUSTRY = words("""
    semaine de l'industrie, semaines de l'industrie, semaine nationale de l'industrie, semaine industrie,
    semaine nationale dediee a l'industrie, semaine dediee a l'industrie, chambre de commerce et d'industrie,
    chambres de commerce et d'industrie, territoire d'industrie, territoires d'industrie, cci industrie,
    industrie musicale, industries musicales, industrie du disque, industrie financiere, industrie bancaire,
    industrie du tourisme, industrie touristique, industrie hoteliere, industrie culturelle,
    industries culturelles, industries creatives, industrie creative, industrie du spectacle,
    industrie du cinema, industrie cinematographique, industrie du film, industrie du jeu,
    industrie du jeu video, industrie du divertissement, industrie des medias, industrie du sport,
    industrie de la mode, industrie du bien-etre, industrie du luxe hotelier, industrie de l'assurance,
    industrie du conseil, industrie des services, industrie du web, industrie du logiciel,
    industrie publicitaire, industrie du voyage, industrie de l'evenementiel, industrie du mariage,
    usine a idees, usine a reves, usine a gaz, usine a sons, usine a projets, usine digitale, usine a logiciels,
    digital factory, software factory, usine logicielle, usine a contenus, usine du son, usine a bonheur,
    ancienne usine, anciennes usines, ancienne filature, ancienne manufacture, ancienne fonderie,
    ancienne forge, friche industrielle, friches industrielles, patrimoine industriel, revolution industrielle,
    a la filature, la filature notre theatre, theatre de la manufacture, theatre de l'usine,
    a la manufacture des, salle de l'usine, au theatre de la fonderie, rue de l'industrie, rue de l'usine,
    avenue de l'industrie, quantite industrielle, quantites industrielles, secret industriel,
    propriete industrielle, desinfect*, espionnage industriel, arts plastiques, art plastique,
    industrie du bien, energie interieure
""")

INDUSTRIAL_SECTOR = words("""
    industri*, metallurg*, siderurg*, fonderie*, forge*, acier*, aluminium, mecani*, mecatroni*, micromecani*,
    microtechni*, decolletage, usinage, chaudronnerie, soudage, tolerie, emboutissage, outillage, moulage,
    automobile*, equipement*, ferroviaire*, aeronauti*, aerospati*, spatial*, espace, naval*,
    construction navale, nautisme, nautique, defense, armement, cycle*, velo*, mobilite*, motocycle*,
    agroequipement, machinisme*, machine*, chimi*, petrochimi*, parachimie, pharmac*, medicament*,
    biotechnolog*, cosmeti*, parfum*, sante industri*, dispositif* medica*, instrumentation*, materiel* medica*,
    optique, lunett*, photoni*, laser*, plasturgie, plastique*, caoutchouc, composite*, polymere*, materiaux*,
    verre*, verrerie, cristal*, ceramique*, porcelaine*, faience*, ciment*, beton*, chaux, granulat*, granit*,
    carriere*, mine*, extracti*, tuile*, brique*, papier*, papet*, carton*, emballage*, imprimerie, impression,
    industrie* graphique*, packaging, bois*, ameublement, meuble*, scierie, tournerie, construction bois,
    menuiserie industrielle, tonnellerie, liege, textile*, habillement, confection, cuir*, maroquinerie,
    chaussure*, tannerie, megisserie, dentelle*, bonneterie, mode et luxe, horlog*, bijou*, joaill*, coutel*,
    jouet*, instrument* de musique, facture instrumentale, lutherie, electroni*, microelectroni*,
    semi-conducteur*, semiconducteur*, electri*, electrotechni*, electromenager, batterie*, robot*, cobot*,
    automat*, productique, maintenance*, metrologie, controle*, qualite industrielle, fabrication*,
    impression 3d, prototyp*, energie*, nucleaire*, hydrogene, eolien*, hydroelectri*, photovolta*, solaire,
    petrol*, raffin*, gaz, biomasse, bioenergie*, methanisation, decarbonation, eau, dessalement, recyclage*,
    dechet*, valorisation, environnement industri*, depollution, agroalimentaire*, agro-alimentaire*, iaa,
    industrie* alimentaire*, lait*, viande*, boisson*, brasserie*, distillerie*, spiritueux, sucrerie*, sucre*,
    conserverie*, meunerie, salaison*, embouteillage, eaux minerales, algue*, pet food, alimentation animale,
    surface*, peinture industrielle, traitement*, levage, pompe*, robinetterie*, roulement*, chauffage,
    froid industriel, genie climatique, genie industriel, production*, manufactur*, prefabri*, objets connectes,
    informatique industrielle, numerique industriel
""")

OTHER_SECTOR = words("""
    banque*, bancaire*, finance*, assurance*, tourisme*, hotel*, restauration, commerce*, vente*, distribution,
    logistique*, transport*, e-commerce, conseil*, informatique, numerique, cybersecurite, cloud, logiciel*,
    jeu video, jeux video, web, marketing, communication, publicite, medias, audiovisuel, cinema, culture*,
    musique, spectacle*, art, arts, metiers d'art, artisanat*, sport*, loisir*, bien-etre, sante, social*,
    medico-social, aide a la personne, services*, education, enseignement, batiment, btp, travaux publics,
    construction, immobilier, agriculture, agricole, elevage, viticulture, horticulture, paysage, foret, peche,
    alimentation, boulangerie, patisserie, boucherie, coiffure, esthetique, beaute, securite, armee,
    fonction publique, droit, administration, recherche, economie sociale, humanitaire, associatif,
    association*, patrimoine, mode, fleuriste, evenementiel, telecom*, ressources humaines, interim
""")

# Each of these alone speaks of industry.
STRONG = words("""
    industrie, industries, industriel, industriels, industrielle, industrielles, industrial, reindustrialis*,
    usine, usines, l'usine, lusine, factory, factories, manufactur*, gigafactor*, fab, technicentre,
    plateforme chimique, site de production, sites de production, unite de production, unites de production,
    usinage*, usiner, usinons, usine 4.0, fonderie*, fondeu*, moulage*, mouleu*, moulist*, noyaut*, coulee*,
    ebarb*, forges, forgero*, forgeu*, forgeons, estampage, matricage, acierie*, siderurg*, metallurg*,
    laminoir*, lamin*, trefil*, emboutis*, tolerie, tolier*, pliage, plieuse*, chaudron*, tuyaut*, soudage,
    soudeu*, decolletage, decolleteu*, fraisage, fraiseu*, tournage, tourneu* fraiseu*, rectification, ajusteu*,
    outilleu*, outillage*, affutage, galvanis*, grenaillage, cataphorese, thermolaquage, traitement thermique,
    traitement de surface, traitements de surface, anodis*, trempe, polissage, polisseu*, ferrage, plasturg*,
    extrusion*, extrud*, thermoform*, rotomoul*, injection plastique, presse a injecter, presses a injecter,
    calandr*, vulcanis*, caoutchou*, pneus, composites, stratification, drapage, drapeu*, polyethylene,
    polymere*, polyamide, granules, resine*, chimie, chimique*, chimiste*, petrochimi*, vapocraquage*,
    vapocraqueu*, raffinerie*, raffineu*, raffinage, electrolyse, distillation, reacteur*, engrais, lubrifiant*,
    solvant*, procedes, pharmaceuti*, vaccin*, medicament*, comprimes, blister*, aseptique*, isolateur*,
    seringue*, flaconnage, cosmetique*, parfums, salle blanche, salles blanches, clean room*, cleanroom*,
    semi-conducteur*, wafer*, lithograph*, puces, silicium, microelectroni*, electronique de puissance,
    carte electronique, cartes electroniques, composants electroniques, cablage, cableu*, photoni*, fibrage,
    laser*, capteur*, aeronauti*, aerospati*, aerostructure*, fuselage*, voilure*, nacelles, turbopomp*,
    moteurs-fusees, fusee*, satellite*, propulsion*, spatial, spatiale, rover, ferroviaire*, bogie*, rame,
    locomotive*, equipementier*, constructeur automobile, constructeurs automobiles, automobile*, carrosserie,
    chantier naval, chantiers navals, construction navale, reparation navale, maintenance navale, sous-marin*,
    navale, radoub, eolienne*, pales, nucleaire*, centrale, centrales, hydroelectri*, hydrolien*, turbine*,
    alternateur*, turbo-alternateur*, hydrogene, haut-fourneau*, hauts-fourneaux, rotors, transformateur*,
    chaudiere*, biomasse, photovoltaique*, dessalement, osmose inverse, captage de co2, decarbon*, cimenterie*,
    cimentier*, verrerie*, verrier*, cristallerie*, cristal, porcelainerie*, ceramiste industriel, faiencerie*,
    tuilerie*, briqueterie*, platrerie*, papeterie*, papetier*, papetiere*, pate a papier, cartonnerie*,
    onduleuse*, imprimerie*, imprimeu*, offset, flexo, rotative*, bobineuse*, tissage*, tisseu*, tisserand*,
    tissu*, filature*, bonneterie*, ennoblissement, teinturerie*, tricotage, remmaill*, dentellerie*,
    confection, tannerie*, megisserie*, maroquin*, chaussures relocalisee, textile*, metiers a tisser,
    lunetterie*, horlog*, coutell*, coutel*, boulonnerie*, visserie*, robinetterie*, vannes, pompes, roulement*,
    engrenage*, ressorts, conserverie*, appertis*, sertisseu*, embouteill*, etiqueteuse*, encartonneu*,
    fardelage, palettis*, ensach*, pasteuris*, autoclave*, surgel*, sucrerie*, laiterie*,
    fromagerie industrielle, biscuiterie*, biscuits, distillerie*, rhumerie*, meunerie*, minoterie*,
    agroalimentaire*, abattoir*, salaison*, legumerie*, brasseurs, brasserie industrielle, siroperie*, scierie*,
    scieurs, tonneller*, menuiserie industrielle, tournerie*, prefabriqu*, prefabrication,
    construction hors site, hors site, charpente metallique, charpentes metalliques, robotis*, robotique*,
    cobot*, robots de *, robots industriels, bras robotise*, bras manipulateur*, automate*, automatici*,
    automatisme*, automatisee, convoyeu*, agv, ligne de production, lignes de production, ligne de fabrication,
    lignes de fabrication, ligne d'assemblage, lignes d'assemblage, ligne de montage, lignes de montage,
    ligne de conditionnement, lignes de conditionnement, ligne de remplissage, lignes de remplissage,
    ligne d'emballage, ligne robotisee, ligne cms, assembly line, chaine de production, chaines de production,
    chaine de montage, chaines de montage, chaine d'assemblage, chaine de fabrication, chaine robotisee,
    production industrielle, conducteur de ligne, conductrice de ligne, chef de ligne, cheffe de ligne,
    conducteurs de ligne, pilote de ligne, conducteur de machine*, conducteurs de machine*,
    conductrice de machine*, conduite de machine*, conducteur d'installation*, conducteurs d'installation*,
    operateur de production, operateurs de production, operateur de procede, operateur* regleu*, regleu*,
    rondier*, pupitreu*, electromecani*, electrotechni*, mecatroni*, metrolog*, machine-outil, machines-outils,
    machine outil, commande numerique, commandes numeriques, 5 axes, mes, controle non destructif, cnd,
    fabrication additive, jumeau numerique, bureau d'etudes, prototypage, atelier de montage,
    ateliers de production, atelier de production, pieces metalliques, mecanique de precision,
    maintenance industrielle, genie industriel, productique, micro-mecanique, microtechni*, siderurgiste*,
    opco 2i, uimm, fabricant*, sous-traitants, donneurs d'ordre*, manufacturing, machinists
""")

# These speak of industry only in company.
WEAK = words("""
    production, productions, fabrication*, fabriqu*, fabrique, ligne, lignes, chaine, chaines, machine*,
    moteur*, robot*, presse, presses, moule*, four, fours, cuve*, maintenance*, technici*, operat*, ingenieu*,
    energie*, electri*, conception, concevoir, concept*, assembl*, montage, monteu*, soudure*, souder, laborat*,
    laborantin*, qualite, securite, bac pro, bts, cfa, mecani*, mecano*, demont*, reparat*, pilotage, apprenti*,
    alternance*, recycl*, composant*, aimants, batterie*, epi, casque*, blouse*, atelier, ateliers, matiere,
    matieres, materiau*, metal, metaux, metallique*, acier, inox, aluminium, titane, plastique*, verre, papier*,
    carton*, bois, cuir, fil, boutons, tour, perçage, percage, decoupe*, collage, peinture, essais, essai,
    banc d'essai*, bancs d'essai*, controle*, mesure*, plan, schema, verins, compresseur*, armoire de commande,
    salle de controle, salle de commande, dosage, remplissage, conditionn*, emballage*, cadence*, stock*,
    process, innovation*, r&d, bureau, impression 3d, 3d, numerique, drone*, equipe de nuit, 2x8, 3x8, 5x8,
    poste, postes, metier, metiers, recrut*, embauch*, emploi*, coupe, piqure, couture, broyage, fermentation,
    colonnes, filtration, cuisson, transformation, friture, broyeur, sechage, gelifiant, naval*, chantier,
    forge, tuteur industriel, sites de production, pieces, piece, entreprise*, groupes electrogenes, centrale,
    savoir-faire, preforme*, souffl*, outils
""")

# Work, but not industry that a machine may assert: services, crafts, fields, uniforms.
OTHER_TRADE = words("""
    banque*, bancaire*, credit responsable, epargne, assureu*, assurance*, mutuelle*, fonds, gerants, analystes,
    auditrice*, finance*, comptab*, notair*, juriste*, avocat*, immobilier*, tourisme, touristique*, hotel*,
    camping*, receptionnist*, croisier*, cuisiniers, serveurs, restaurateu*, magasin de, magasins de,
    merchandising, vitrine, vendeu*, boutique*, marge, commerce*, commercial, mco, clientele*, entrepot*,
    e-commerce, logistique*, picking, preparateur*, cariste*, livreu*, livraison*, chauffeur*, esn, infogerance,
    cloud, cyber, support informatique, developpeu*, product owner*, sprint*, squad*, appli, start-up, startup*,
    coworking, jeu video, jeux video, game design, pixel art, agence*, planneur*, directrices artistiques,
    campagnes, marketing, publicit*, communicant*, influenceu*, ferme, fermes, etable, vaches, elevage*, traite,
    agricult*, exploitation familiale, maraich*, viticult*, vigneron*, vigne*, vendange*, apicult*, artisan*,
    metier d'art, metiers d'art, potier*, potiere*, poterie, boulang*, patissi*, fournil, boucher*, fleurist*,
    coiffu*, estheti*, ebeniste*, luthier*, tapissier*, relieur*, bijoutier*, souffleur de verre, batiment,
    travaux publics, btp, macon*, plombi*, couvreu*, carrel*, parpaing*, chantiers de, platrier*,
    peintre en batiment, infanterie, militair*, armee, gendarm*, polic*, pompiers, soldat*, regiment*, hopital*,
    infirmier*, aide-soignant*, soignant*, aide a la personne, aide a domicile, medical*, ehpad, crechs,
    petite enfance, puericult*, musica*, artistes, streaming, labels independants, mediation culturelle, cinema,
    tournage de, comedien*, journalis*, radio, theatre, danseu*, sportif*, moniteurs, hotellerie, restauration,
    viticulture, securite privee, agents de comptoir, conseil en, societes de conseil, mode, defile, stylist*,
    fonction publique
""")

# Leisure: an event about this and nothing else is not about industry.
LEISURE = words("""
    yoga, pilates, zumba, aquagym, gym, gymnastique, fitness, crossfit, marche nordique, randonnee*, footing,
    jogging, course a pied, marathon, trail, tournoi*, football, foot, rugby, basket, handball, tennis,
    petanque, boules, belote, tarot, echecs, scrabble, loto, bingo, natation, plage, surf, equitation, poney*,
    escalade, judo, karate, sport*, muscles, echauffement, respiration, relaxation, detente, meditation,
    sophrologie, bien-etre, massage*, tisane, naturopath*, reiki, postures, danse, danses, danser, danseurs,
    dansera, bal, maloya, zouk, salsa, tango, chorale*, chant, chants, concert*, karaoke, fanfare, orchestre,
    musique, dj, disco, spectacle*, theatre, comedie, impro, cirque, clown*, magie, magicien*, marionnettes,
    conte, contes, conteuse, cinema, cine-club, projection*, aquarelle*, peintres, coloriage, lavis,
    arts plastiques, sculpture*, photographie, poesie, poetes, lecture, lectures, romans, livres, bibliotheque,
    mediatheque, dedicace*, tricot, crochet, broderie, couture, scrapbooking, origami, macrame, mandala*,
    jardin, jardins, jardinage, plantes, boutures, graines, fleurs, potager, compost, troc, vide-grenier*,
    vide-dressing, brocante*, bourse aux, braderie, marche de noel, marches de noel, pere noel, noel, avent,
    couronnes, chalets, vin chaud, pain d'epices, kermesse, fete foraine, fete du village, fete des voisins,
    carnaval, halloween, feu d'artifice, bougies, repas dansant, buffet partage, pique-nique, barbecue,
    aperitif, degustation*, oenolog*, cours de cuisine, atelier cuisine, recettes, gouter, crepes,
    jeux de societe, chasse aux oeufs, manege*, balade*, promenade*, visite guidee du centre, astrologie,
    tarots, voyance, don du sang, messe, priere*, pelerinage, mariage*, anniversaire, retrouvailles, chats,
    chiens, canin*, animaux, refuge, nettoyage de la plage, voisins, culture reunionnaise, folklore, kabar,
    guinguette, philatel*, genealogie, kart
""")

# A word of work: an event that has one is never dismissed by the machine.
WORK = words("""
    metier, metiers, recrut*, emploi, emplois, embauch*, formation*, orientation, carriere*, job, jobs,
    alternance, apprentissage, stage, stages, professionnel, professionnels, professionnelle, entreprise,
    entreprises, vocation*, filiere*, salarie*, ingenieu*, technici*, bts, bac pro, artisan*, usines,
    savoir-faire, agriculture, exploitation
""")
