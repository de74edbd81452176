/** What a column says of a person; `ca_N` by number, or by the tenant's label for it. */
export type PersonField = (typeof knownFields)[number] | `ca_${number}`;

export const knownFields = [
  "login",
  "number",
  "name",
  "first_name",
  "last_name",
  "title",
  "company",
  "cell",
  "phone",
  "work_phone",
  "address",
  "address_2",
  "state",
  "zip",
  "gender",
  "date_of_birth",
  "card_no",
  "groups",
  "courses",
] as const;

/** What a column may be besides: read, and never written. */
export type ColumnsBeside =
  /** A login of a second kind: finds people where the first does not. */
  | "second_login"
  /** A number that may be SkyPrep's or HR's own. */
  | "bare_number"
  | "middle_name"
  /** Active, terminated … */
  | "status"
  /** Yes for who is here, or for who is gone. */
  | "is_active"
  | "is_gone"
  | "last_day"
  /** May say who is gone, or something else. */
  | "perhaps_status"
  /** Of another person: a manager, an emergency contact. */
  | "another";

export type ColumnMeaning = PersonField | ColumnsBeside;

const list = (words: string): string[] => words.trim().split(/\s+/);

/**
 * How programs and people call their columns (BambooHR, Workday, ADP, UKG, Entra, Google, TalentLMS, Moodle, SkyPrep's
 * own reports), in seven languages; without case, accents, blanks and marks. Addresses: see `mailWords`.
 */
const byMeaning: Readonly<Record<Exclude<ColumnMeaning, `ca_${number}` | "another">, string[]>> = {
  login:
    list(`login logins loginname loginid logon logonname logonid username usernames userlogin user users useraccount accountname
    userprincipalname upn samaccountname signin signinname networkid ssoid
    benutzername benutzer anmeldename benutzerkennung anmeldung kennung nutzername
    identifiant nomdutilisateur nomutilisateur utilisateur compte
    usuario nombredeusuario nombreusuario cuenta utente nomeutente nomeutilizador nomedeusuario nomeusuario utilizador
    gebruiker gebruikersnaam inlognaam aanmeldnaam`),
  second_login: [],
  number: list("skyprepid skyprepuserid skyprepnumber skyprepusernumber skypreplearnerid"),
  bare_number: list(
    "id ids userid usernumber uid nr no number num numero nummer identifier recordid learnerid participantid",
  ),
  name: list(`name names nom nome nombre fullname displayname person people learner learners employee employees employeename learnername participant
    participants participantname studentname student completename wholename preferredname legalname fullnamelastfirst
    lastnamefirstname namelastfirst lastfirst lastfirstmi surnamefirstname worker workername associatename associate staffmember staff
    member membername contactname teammember colleague attendee attendees trainee traineename payrollname cn
    vollername vollstandigername vollstaendigername anzeigename mitarbeiter mitarbeitername mitarbeiterin teilnehmer teilnehmername kollege namevorname nachnamevorname
    nomcomplet nometprenom nomprenom prenomnom nometprenoms employenom employe collaborateur salarie stagiaire apprenant nomdelemploye nomaffiche
    nombrecompleto nombreyapellidos nombreyapellido apellidosynombre apellidosynombres apellidosnombre empleado empleados trabajador participante alumno nombredelempleado
    nomecompleto nomeecognome cognomeenome nomecognome cognomenome nominativo dipendente dipendenti partecipante collaboratore
    nomeesobrenome funcionario colaborador nomedofuncionario nomedocolaborador formando
    volledigenaam naam weergavenaam medewerker medewerkers werknemer deelnemer cursist naammedewerker`),
  first_name:
    list(`firstname firstnames givenname givennames forename forenames first fname preferredfirstname legalfirstname userfirstname employeefirstname
    legalnamefirstname christianname learnerfirstname studentfirstname
    vorname vornamen rufname prenom prenoms nombres nombredepila primernombre prenome primeironome nomeproprio voornaam voornamen roepnaam`),
  last_name:
    list(`lastname lastnames surname surnames familyname last lname sn legallastname userlastname employeelastname legalnamelastname
    preferredlastname learnerlastname studentlastname
    nachname nachnamen familienname zuname nomdefamille nomusuel patronyme nomdusage
    apellido apellidos primerapellido apellidopaterno cognome cognomi sobrenome apelido apelidos ultimonome
    achternaam familienaam`),
  middle_name: list(
    "middlename middleinitial middle mi mname zweitername deuxiemeprenom segundonombre secondonome nomedomeio tussenvoegsel",
  ),
  title:
    list(`title jobtitle jobtitles position positiontitle job jobname businesstitle jobprofile jobposition jobrole occupation functiontitle workertitle jobcodedescription
    stelle stellenbezeichnung funktion beruf berufsbezeichnung tatigkeit taetigkeit jobbezeichnung
    poste fonction intituleduposte intituledeposte titre emploi titreduposte
    cargo puesto puestodetrabajo titulo ocupacion
    ruolo mansione qualifica posizione titolo incarico
    funcao profissao titulodocargo
    functie functietitel functienaam functieomschrijving`),
  company: list(`company companyname organisation organization organizationname employer legalentity
    firma unternehmen gesellschaft arbeitgeber entreprise societe employeur empresa compania sociedad azienda societa ditta impresa bedrijf bedrijfsnaam werkgever organisatie`),
  cell: list(`cell cellphone mobile mobilephone mobilenumber mobilephonenumber cellnumber cellular mobiltelefon mobil handy handynummer mobilnummer
    portable telephoneportable telmobile telephonemobile telefonomovil movil celular telefonocelular cellulare telefonocellulare telemovel telefonecelular mobiel mobielnummer gsm mobieletelefoon`),
  phone: list(
    `phone telephone phonenumber tel telephonenumber homephone telefon telefonnummer rufnummer numerodetelephone telefono numerodetelefono telefone numerodetelefone telefoonnummer telefoon`,
  ),
  work_phone: list(
    `workphone businessphone officephone workphonenumber businessphonenumber worktelephone diensttelefon telefongeschaftlich telefonprofessionnel telephoneprofessionnel telefonodeltrabajo telefonotrabajo telefonoufficio telefonelavoro telefonetrabalho werktelefoon`,
  ),
  address: list(
    "address street streetaddress address1 addressline1 homeaddress adresse strasse strasse rue adresse1 direccion calle indirizzo via endereco rua morada adres straat",
  ),
  address_2: list("address2 addressline2 adresse2 direccion2 indirizzo2 endereco2 adres2 adresszusatz"),
  state: list("state province bundesland etat provincia estado provincie stato"),
  zip: list(
    "zip zipcode postcode postalcode postalcodezip plz postleitzahl codepostal codigopostal cp cap codicepostale cep",
  ),
  gender: list("gender sex geschlecht sexe genre genero sexo sesso genere geslacht"),
  date_of_birth: list(
    "dateofbirth birthdate birthday dob geburtsdatum geburtstag datedenaissance fechadenacimiento datadinascita datadenascimento geboortedatum",
  ),
  card_no:
    list(`cardno cardnumber badge badgeid badgeno badgenumber useridentifier employeeid employeeids employeenumber employeeno employee employeecode empid empno empnumber
    emplid eeid personnelnumber personnelno personid personnumber workerid worker associateid fileno filenumber positionid staffid staffnumber staffno payrollid payrollnumber payrollno idnumber studentid externalid externalemployeeid hrid code usercode
    personalnummer personalnr mitarbeiternummer mitarbeiternr mitarbeiterid ausweisnummer kartennummer
    matricule numeroemploye numerodemploye numerodematricule idemploye codeemploye
    numerodeempleado numeroempleado idempleado codigodeempleado codigoempleado legajo
    matricola numeromatricola iddipendente codicedipendente
    matricula numerodefuncionario idfuncionario codigofuncionario numerodecolaborador
    personeelsnummer medewerkernummer werknemersnummer medewerkerid pasnummer`),
  groups: list(`group groups groupname groupnames usergroup usergroups team teams group1 grp
    gruppe gruppen benutzergruppe benutzergruppen groupe groupes groupedutilisateurs equipe equipes
    grupo grupos equipo equipos gruppo gruppi grupousuarios grupodeusuarios squadra squadre equipa groep groepen gebruikersgroep`),
  courses: list(
    "courses coursenames courseids assignedcourses coursestoassign enrollin enrolin kurse cours cursos corsi cursussen",
  ),
  status:
    list(`status statuses employmentstatus employeestatus empstatus userstatus accountstatus workerstatus hrstatus jobstatus personstatus loginstatus positionstatus statusreadonly
    workstatus memberstatus assignmentstatus currentstatus learnerstatus staffstatus activestatus activityfstatus activitystatus employmentstate lifecyclestate employmentcondition
    beschaftigungsstatus beschaeftigungsstatus mitarbeiterstatus benutzerstatus personalstatus anstellungsstatus
    statut statutemploye statutdelemploye statutdemploi statututilisateur situation etatducompte
    estatus estadodeempleado estadodelempleado estadolaboral estadoempleado situacion situacionlaboral
    statodipendente statoutente statoimpiego statooccupazionale situacao situacaodofuncionario statusdofuncionario statusdocolaborador situacaocadastral estadodocolaborador
    statusmedewerker dienstverbandstatus gebruikersstatus`),
  is_active:
    list(`active isactive activeyn currentlyactive enabled isenabled accountenabled accountactive userenabled employed currentlyemployed stillemployed isemployed iscurrent currentemployee
    activeemployee activeuser activestatusyn aktiv istaktiv beschaftigt actif estactif enposte activo activa estaactivo attivo attiva inforza ativo ativa actief isactief indienst`),
  is_gone:
    list(`inactive isinactive terminated isterminated disabled isdisabled deactivated isdeactivated archived isarchived deleted isdeleted suspended issuspended left leaver isleaver former
    retired isretired resigned hasleft leftcompany leftthecompany leftorganization leftorganisation nolongeremployed nolongerwithcompany blockcredential blockcredentials blocksignin signinblocked
    inaktiv ausgeschieden gekundigt gesperrt inactif parti inactivo baja inattivo cessato inativo desligado demitido inactief uitdienst`),
  perhaps_status:
    list(`terminationreason termreason reasonfortermination terminationtype leavingreason reasonforleaving leavereason departurereason exitreason separationreason separationtype reasonforseparation resignationreason
    austrittsgrund kundigungsgrund motifdedepart motifdesortie motivodebaja motivobaja motivocessazione motivodesligamento motivododesligamento redenuitdienst`),
  last_day:
    list(`terminationdate termdate termdt lwd dol dateofexit terminateddate dateterminated dateoftermination terminationeffectivedate enddate employmentenddate lastday lastdayworked lastworkingday lastworkday lastdayofwork lastdayofemployment
    leavedate leavingdate dateleft dateofleaving datedeparture departuredate exitdate dateofexit separationdate separationeffectivedate resignationdate deactivationdate releasedate contractenddate contractend employeeenddate
    accessenddate accountexpires accountexpirationdate hireenddate statusenddate employmentend finishdate offboardingdate quitdate termeffectivedate retirementdate
    austrittsdatum austritt austrittam kundigungsdatum kuendigungsdatum enddatum letzterarbeitstag letztertag vertragsende beschaftigungsende ausgeschiedenam
    datedesortie datedefin datededepart datefin datefincontrat datedefindecontrat dernierjour dernierjourtravaille datesortie findecontrat datedefindemploi
    fechadebaja fechabaja fechadesalida fechadetermino fechadeterminacion fechafin fechafincontrato fechadecese fechafindecontrato ultimodia ultimodialaboral ultimodiadetrabajo
    datacessazione datadicessazione datafine datauscita datadiuscita datafinerapporto datafinecontratto ultimogiorno datadimissioni ultimogiornodilavoro
    datadesligamento datadedesligamento datademissao datadedemissao datadesaida datadetermino datatermino ultimodiadetrabalho datafim datadefim
    datumuitdienst uitdienstdatum datumuittreding einddatum laatstewerkdag laatstedag einddatumcontract datumeinde`),
};

export const headerNames: ReadonlyMap<string, ColumnMeaning> = new Map(
  (Object.entries(byMeaning) as [ColumnMeaning, string[]][])
    .toReversed()
    .flatMap(([meaning, words]) => words.map((word) => [word, meaning] as const)),
);

/** Words that make a column one of addresses that sign in; and what may stand beside them. */
export const mailWords: ReadonlySet<string> = new Set(
  list(`email emails mail mails emailaddress emailaddresses mailaddress emailid emailadresse mailadresse emailadres mailadres emailaddr emailkonto
    courriel courriels mel adressecourriel correo correoelectronico correos posta postaelettronica indirizzoemail correio correioeletronico
    workemail workmail businessemail companyemail useremail primaryemail employeeemail loginemail workemailaddress officeemail corporateemail smtp
    dienstemail dienstmail firmenemail geschaftsemail arbeitsemail werkemail emailwork emailprimary primarysmtpaddress proxyaddresses`),
);
export const besideMail: ReadonlySet<string> = new Set(
  list(`address addresses addr id value work business company corporate corp primary main employee user users contact office official login account
    member learner student participant person worker staff associate internal organization organisation organizational preferred default current active your the of for and
    s a an 1 2 3 type information info delivery external required read only
    adresse adressen adres adr e mailadresse geschaftlich geschaftliche geschaeftlich geschaeftliche dienstlich dienstliche arbeit beruflich berufliche firma firmen mitarbeiter benutzer haupt der des die zakelijk zakelijke werk
    electronique professionnel professionnelle pro travail principal principale entreprise utilisateur employe de du l la le d
    electronico electronica direccion trabajo corporativo corporativa empresa laboral usuario empleado del
    elettronica elettronico indirizzo aziendale lavoro ufficio principale utente dipendente di dell
    eletronico eletronica endereco corporativo profissional trabalho utilizador funcionario colaborador do da
    gebruiker medewerker bedrijf primaire primair van het`),
);
/** Theirs, but not what they sign in with as a rule. */
export const privateWords: ReadonlySet<string> = new Set(
  list(`personal private home secondary alternate alternative alt other recovery backup additional second privat private private privee personnel personnelle perso
    secondaire particular personale privata privato secondario secondaria pessoal secundario privado prive persoonlijk alias aliases`),
);
/** Of somebody else. */
export const otherPersonWords: ReadonlySet<string> = new Set(
  list(`manager managers mgr supervisor supervisors supervisory boss reports reporting emergency approver coach mentor buddy spouse partner parent guardian recruiter hrbp assistant sponsor leader lead head
    director instructor trainer teacher author owner creator createdby modifiedby modified created invitedby referrer next kin dependent beneficiary
    managername manageremail managerid managersemail supervisorname supervisoremail supervisorid reportsto reportingto linemanager teamlead teamleader
    vorgesetzter vorgesetzte vorgesetzten fuhrungskraft fuehrungskraft leiter teamleiter notfallkontakt notfall
    responsable superviseur gestionnaire superieur superieure urgence chef jefe jefa supervisora gerente encargado emergencia
    responsabile capo superiore emergenza gestor gestora chefe emergencia superior leidinggevende teamleider noodcontact`),
);
/** Beside a word for status: of something else than employment. */
export const otherStatusWords: ReadonlySet<string> = new Set(
  list(
    `marital visa vaccination course courses training completion enrollment enrolment tax flsa exempt veteran military immigration payment order shipping health lesson exam
    leave probation background check license licence licensing certification certificate certifications compliance benefit benefits insurance mfa factor factors authentication notification notifications newsletter
    vpn badge device laptop subscription sync permit passport password drug test review onboarding path quiz module lizenz fuhrerschein benachrichtigungen kurs schulung urlaub probezeit
    cours formation licence conge essai notificaciones curso formacion licencia corso formazione patente prova notifiche licenca ferias cursus opleiding proeftijd rijbewijs`,
  ),
);
