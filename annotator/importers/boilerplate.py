"""What of a page's text is not its article: comment prompts, boxes about the author, "read more" and the like.

Whole paragraphs, recognised by phrases that open or make up all of them, in English, German, French and Spanish.
Precision comes first: a paragraph that says something must never be taken for one of these. So a phrase that
could begin a sentence of news has to make up the whole paragraph, or to stand among the short ones at the end.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from annotator.model.aside import Aside, Range, paragraphs_at

_LONGEST, _LONGEST_BOX = 240, 420  # code points of a prompt, of a box about the author
_SHORT = 160  # code points of a paragraph that may belong to the tail
_ENOUGH = 2  # weight; a place in the tail adds one

_NETWORKS = (
    r"(?:facebook|twitter|x|instagram|linkedin|whatsapp|telegram|youtube|reddit|pinterest|tumblr|flipboard|xing"
    r"|threads|bluesky|mastodon|tiktok|messenger|google\+?|e-?mail)"
)
_PLATFORM = r"(?:facebook|twitter|instagram|linkedin|whatsapp|telegram|youtube|tiktok|threads|bluesky|mastodon|x\b|@\w)"
_MAIL = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"

# Each is matched against a whole paragraph in small letters, on one line, with straight apostrophes.
_COMMENTS = (
    r"\d[\d,.]* (?:comments?|kommentare?|commentaires?|réactions?|comentarios?)",
    r"(?:comments?|kommentare?|commentaires?|comentarios?) ?\(\d[\d,.]*\)",
    r"(?:show|view|read|see|load|hide) (?:all |the |more |\d+ )*comments?(?: \(\d+\))?",
    r"(?:leave|post|write|add) (?:a|your) (?:comment|reply)(?: below)?[.!]?(?: cancel reply)?",
    r"be the first to (?:leave a )?comment\b.{0,40}",
    r"(?:please )?(?:log|sign) in(?: or (?:register|sign up|subscribe|create an account))?"
    r" to (?:(?:leave|post|add|make) a |view |join the )?(?:comments?|conversation|discussion)\b.{0,40}",
    r"comments (?:are|have been) (?:now )?(?:closed|disabled|turned off)(?: (?:for|on) this \w+)?[.!]?",
    r"join (?:the|our) (?:conversation|discussion|debate)(?: (?:below|now|in the comments).{0,40})?[.!]?",
    r"(?:what do you think\? |do you agree\? )?(?:let us know|tell us|share your \w+|have your say|leave your thoughts)"
    r"\b.{0,60}(?:in the comments?|comments? (?:below|section)|comment below)\b.{0,20}",
    r"(?:jetzt |hier )?(?:(?:einen|ihren|den ersten) )?kommentare? (?:schreiben|verfassen|abgeben|hinterlassen"
    r"|anzeigen)",
    r"(?:schreiben|hinterlassen|verfassen) sie (?:den ersten|einen|ihren) kommentar\b.{0,30}",
    r"diskutieren sie (?:mit|hier|in den kommentaren)\b.{0,60}",
    r"(?:bitte )?(?:melden sie sich an|loggen sie sich ein|einloggen|anmelden),? um (?:zu kommentieren|mitzudiskutieren"
    r"|einen kommentar \w+(?: zu können)?).{0,10}",
    r"(?:was (?:meinen|denken) sie\? |ihre meinung(?: ist gefragt)?[:!?.] )(?:schreiben|sagen|diskutieren|teilen)"
    r" sie .{0,80}",
    r"die kommentarfunktion .{0,60}(?:geschlossen|deaktiviert|beendet)\b.{0,20}",
    r"(?:laisser|ajouter|poster|écrire|rédiger|laissez|ajoutez|postez) (?:un|votre) commentaire\b.{0,30}",
    r"réagir(?: à cet article)?",
    r"soyez (?:le premier|la première)(?: personne)? à (?:commenter|réagir)\b.{0,40}",
    r"(?:connectez|identifiez|inscrivez)-vous pour (?:commenter|réagir|laisser un commentaire|participer)\b.{0,40}",
    r"les commentaires sont (?:fermés|désactivés)\b.{0,40}",
    r"(?:deja|dejar|deje|escribe|escribir|añade|añadir|publica|publicar) (?:un|tu|su) comentario\b.{0,20}",
    r"s[ée] el primero en comentar\b.{0,30}",
    r"(?:inicia sesión|regístrate|identifícate|accede)(?: .{0,30})? para (?:comentar|dejar un comentario"
    r"|participar)\b.{0,30}",
    r"los comentarios están cerrados\b.{0,30}",
)
_LINK_HEADS = (
    r"read (?:more|next|also)|also read|see also|related(?: (?:stor(?:y|ies)|articles?|posts?|news|content|coverage"
    r"|links?|topics?|videos?|reading))?|recommended(?: (?:for you|reading|stories))?|more on this (?:story|topic)"
    r"|more stories|further reading|continue reading|keep reading|you (?:may|might) also (?:like|be interested in)"
    r"|what to read next|read the full (?:story|article|report)(?: here)?|read this next|don't miss",
    r"lesen sie (?:auch|mehr|hierzu|dazu|weiter|hier)(?: (?:zum thema|dazu|hier|mehr|weiter|auch))?|mehr (?:zum"
    r" thema|dazu"
    r"|lesen)|weiterlesen|auch interessant|das könnte (?:sie|dich|euch) auch interessieren|weitere (?:artikel|meldungen"
    r"|nachrichten|beiträge)(?: zum thema)?|mehr erfahren|meistgelesene? artikel|siehe auch|verwandte (?:artikel"
    r"|themen)",
    r"(?:à )?lire (?:aussi|également)|lire la suite|(?:à )?voir (?:aussi|également)|lisez (?:aussi|également)"
    r"|sur le même (?:sujet|thème)|articles? (?:liés?|similaires?|associés?|connexes?)|pour aller plus loin"
    r"|en savoir plus|vous aimerez aussi|dans la même rubrique|nos recommandations",
    r"(?:lee|lea|leer) (?:también|además|más)|(?:también )?(?:te|le) (?:puede|podría) interesar|más"
    r" (?:información|noticias"
    r"|sobre este tema)|(?:noticias|artículos|temas|contenidos?) relacionad[oa]s?|(?:sigue|seguir|siga) leyendo"
    r"|no te pierdas|ver también",
)
_LINKS = (
    rf"(?:{'|'.join(_LINK_HEADS)}) ?(?:[:.…>»→]*|(?:[:|»>→]|–|—) ?.{{1,180}})",
    r"read more (?:about|on|from|here|stories)\b[^.]{0,80}\.?",
    r"(?:click|tap) here (?:to|for) (?:read|subscribe|sign up|more|view|see|join|comment)\b.{0,60}",
)
_LETTERS = (
    r"(?:sign up|subscribe|register)(?: now| here| today| for free)? (?:for|to) (?:our|the|my|get|receive|one of"
    r" our)\b.{0,100}"
    r"\b(?:newsletters?|e-?mails?|inbox|alerts?|briefing|bulletin|digest|podcast|channel)\b.{0,160}",
    r"(?:get|receive) .{0,100}(?:to|in) your (?:inbox|e-?mail)\b.{0,160}",
    r"(?:enter )?(?:your )?e-?mail address(?: ?\*)?",
    r"(?:thank you|thanks) for (?:subscribing|signing up)\b.{0,60}",
    r"(?:(?:our|daily|weekly|free) )*newsletters?",
    r"subscribe(?: now| today| here)?[.!]?",
    r"already a (?:subscriber|member)\?.{0,30}",
    r"(?:jetzt |hier )?(?:(?:den|unseren|für den|zum) )?[\w-]*newsletter (?:abonnieren|bestellen|anmelden)\b.{0,40}",
    r"(?:abonnieren|bestellen) sie .{0,100}newsletter\b.{0,160}",
    r"melden sie sich .{0,60}newsletter\b.{0,160}",
    r"jetzt abonnieren[.!]?",
    r"(?:abonnez|inscrivez)-vous .{0,80}(?:newsletters?|lettre d'information|infolettre|chaîne|alertes?)\b.{0,160}",
    r"recevez .{0,120}(?:boîte (?:mail|de réception|e-mail)|newsletter)\b.{0,40}",
    r"s'(?:abonner|inscrire)(?: à la newsletter)?|abonnez-vous ?[.!]?",
    r"(?:suscríb[ae]|apúnt[ae]|regístr[ae]|inscríb[ae])(?:te|se) .{0,80}(?:newsletters?|bolet[íi]n(?:es)?"
    r"|canal)\b.{0,160}",
    r"recib[ae] .{0,120}(?:en (?:tu|su) (?:correo|e-?mail|bandeja de entrada))\b.{0,40}",
    r"suscríb[ae](?:te|se)[.!]?",
)
_SHARES = (
    r"(?:share|teilen|partager|compartir|compártelo|compartilo)[.:!]?",
    rf"(?:share|tweet|pin|print|save|copy link|teilen|drucken|merken|partager|imprimer|envoyer|compartir|imprimir"
    rf"|tuitear"
    rf"|enviar|{_NETWORKS})(?:[\s,|/·•+]+(?:share|tweet|pin|print|save|copy link|teilen|drucken|merken|partager"
    rf"|imprimer"
    rf"|envoyer|compartir|imprimir|tuitear|enviar|{_NETWORKS}))+",
    rf"share (?:this(?: (?:article|story|post|page|video))?|(?:on|via|with) {_NETWORKS})(?: (?:on|via|with)"
    rf" .{{1,40}})?[.:!]?",
    rf"(?:follow|like|find|join) us (?:on|at) .{{0,60}}{_PLATFORM}.{{0,60}}|follow us[.:!]?",
    rf"(?:you can )?follow [\w .'-]{{1,40}} on {_NETWORKS}\b.{{0,40}}",
    rf"(?:puedes seguir|sigue) a [\w .'-]{{1,40}} en {_NETWORKS}\b.{{0,80}}",
    rf"(?:auf|per|über|via) {_NETWORKS} (?:teilen|weiterempfehlen|versenden)",
    r"(?:diesen )?(?:artikel|beitrag) (?:teilen|drucken|merken|weiterempfehlen|versenden)",
    rf"(?:folgen sie|folge|folgt) uns (?:auf|bei|auch auf) .{{0,40}}{_PLATFORM}.{{0,60}}",
    rf"partagez? (?:cet article|sur {_NETWORKS})\b.{{0,30}}",
    rf"(?:suivez|retrouvez|rejoignez)-nous (?:aussi )?sur .{{0,40}}{_PLATFORM}.{{0,60}}",
    rf"comparte (?:este artículo|esta noticia|en {_NETWORKS})\b.{{0,30}}",
    rf"(?:síguenos|síganos) en .{{0,40}}{_PLATFORM}.{{0,60}}",
)
_RIGHTS = r"(?:all rights reserved|alle rechte vorbehalten|tous droits réservés|todos los derechos reservados)"
_RIGHTS_LINES = (
    r"(?:copyright )?©.{0,220}",
    r"(?:copyright )?\(c\) ?\d{4}.{0,200}",
    r"copyright (?:by )?\d{4}.{0,200}",
    rf".{{0,120}}\b{_RIGHTS}[.!]?|{_RIGHTS}\b.{{0,160}}",
    r"this material may not be (?:published|reproduced|broadcast)\b.{0,160}",
    r"this (?:article|story|post|piece|column) (?:was )?(?:first|originally) (?:appeared|published|posted"
    r"|ran)\b.{0,140}",
    r"dieser (?:artikel|beitrag|text) (?:ist|erschien|wurde) (?:zuerst|ursprünglich|erstmals)\b.{0,140}",
    r"cet article (?:a été|est) (?:initialement|d'abord|originellement) (?:paru|publié)\b.{0,140}",
    r"este artículo (?:se publicó|fue publicado|apareció) (?:originalmente|por primera vez)\b.{0,140}",
)
_ABOUT_THE_AUTHOR = (
    r"(?:about the (?:author|writer|reporter)s?|über (?:den autor|die autorin|die autoren)|zum autor|zur autorin"
    r"|à propos de l'auteure?|sobre (?:el autor|la autora|los autores)|acerca del autor) ?:?",
)
_AUTHORS = (
    rf"(?:e-?mail|twitter|contact|kontakt|contacto|correo|courriel)? ?:? ?(?:{_MAIL}|@\w{{2,30}})",
    r"\(?(?:additional )?reporting (?:by|from) .{2,140}\b(?:editing|writing|additional reporting) by .{2,90}",
    r"\((?:additional )?(?:reporting|writing|editing) by [^.]{2,120}\)\.?",
)
_ADVERTISING = (
    r"advertise?ments?|sponsored(?: content)?|anzeige|werbung|publicité|publicidad",
    r"(?:story|article) continues (?:below|after)(?: this)?(?: the)? ?(?:advertisement|video|ad)?[.:]?",
    r"(?:der artikel|text) geht (?:nach|unter) (?:der|dieser) (?:anzeige|werbung) weiter[.:]?|lire la suite après"
    r" la publicité",
)
_PAGE = (
    r"loading ?(?:\.{3}|…)?|show (?:more|less)|load more|mehr anzeigen|afficher plus|mostrar más|back to top",
    r"please enable javascript\b.{0,80}",
    r"media playback is (?:unsupported|not supported)\b.{0,40}",
    r"your e-?mail address will not be (?:published|shared)\b.{0,80}",
    r"(?:ihre|deine) e-mail-adresse wird nicht veröffentlicht\b.{0,100}",
    r"votre adresse (?:e-?mail|mail|de messagerie) ne sera pas publiée\b.{0,100}",
    r"tu dirección de correo electrónico no será publicada\b.{0,100}",
    r"this (?:article|content|story) is (?:only )?(?:for|available (?:only )?to) (?:our )?(?:subscribers|members)"
    r"\b.{0,60}",
    r"dieser (?:artikel|inhalt) ist (?:nur )?für abonnenten\b.{0,60}|empfohlener (?:redaktioneller|externer) inhalt",
    r"an dieser stelle finden sie (?:einen |weitere )?(?:externen? )?inhalte?\b.{0,140}",
    r"(?:cet article|ce contenu|contenu|article) (?:est )?réservé aux abonnés\b.{0,40}",
    r"(?:este artículo|este contenido|contenido) (?:es )?(?:exclusivo|solo) para suscriptores\b.{0,40}",
)
# These could be a heading or a line of an article: only at the end.
_LIKELY = (
    r"(?:comments?|kommentare?|commentaires?|réactions?|comentarios?):?",
    r"what do you think\?|have your say[.!]?|was meinen sie\?|(?:et vous, )?qu'en pensez-vous ?\?|¿(?:y tú,?"
    r" )?qué opinas\?",
    r"(?:tags?|topics?|filed under|categories|keywords|themen|schlagw[öo]rte?r?|mots-clés|etiquetas|temas) ?:.{1,180}",
    r"more (?:from|in|news from) [^.!?]{1,60}|most (?:read|popular|viewed)|trending(?: now)?|watch(?: now| next)",
    r"zum thema:?|mehr aus [^.!?]{1,40}|meistgelesen|les plus lus|lo más (?:leído|visto)|relacionad[oa]s?",
    rf"{_NETWORKS}|tweet|print|drucken|imprimer|imprimir",
    r"support (?:our|independent|quality) journalism\b.{0,80}",
    r".{0,100}\b(?:writers?|reporters?|correspondents?|journalists?|staff) .{2,80} contributed to this (?:report|story"
    r"|article)\.?",
    rf"(?:got|have) a (?:news )?tip\? .{{0,80}}{_MAIL}.{{0,40}}",
)
# A box about its author gives itself away by where the author can be found.
_BOX = re.compile(
    rf"\b(?:follow (?:him|her|them|me) (?:on|at) {_PLATFORM}|(?:e-?mail|reach|contact) (?:him|her|them|me) at {_MAIL}"
    rf"|can be reached (?:at|by e-?mail at) {_MAIL}|folgen sie (?:ihm|ihr) (?:auf|bei) {_PLATFORM}"
    rf"|suivez-l[ea] sur {_PLATFORM}|síguel[oa] en {_PLATFORM})"
)
_HEADING = re.compile("|".join(_ABOUT_THE_AUTHOR))
_SURE = re.compile(
    "|".join(f"(?:{each})" for group in (
        *(_COMMENTS, _LINKS, _LETTERS, _SHARES, _RIGHTS_LINES, _ABOUT_THE_AUTHOR, _AUTHORS, _ADVERTISING, _PAGE),
    ) for each in group)
)  # fmt: skip
_PERHAPS = re.compile("|".join(f"(?:{each})" for each in _LIKELY))

_CREDIT = re.compile(
    r"\(?(?:(?:photo(?:graph)?s?|images?|pictures?|fotos?|bild(?:er)?|imagen|fotografía)(?: credits?| source)?s? ?[:©]"
    r"|(?:photo|image|picture) (?:credit|copyright|source|by|courtesy(?: of)?)[:,]?"
    r"|credits?:|crédits?(?: photos?)? ?:|bildquelle:) ?(.{2,80}?)\)?\.?",
    re.IGNORECASE,
)
_SMALL_WORDS = {
    *("by", "via", "for", "and", "of", "the", "courtesy", "handout", "file", "von", "und", "de", "et", "y", "la"),
    *("afp", "alliance", "dpa", "epa", "images", "imago", "picture"),
}


def boilerplate(text: str) -> tuple[Aside, ...]:
    """The paragraphs of a page's text that are probably none of its article, as suggested asides in order.

    The first paragraph is never one of them.
    """
    places = paragraphs_at(text, 0, len(text))
    lines = [_normal(text[start:end]) for start, end in places]
    tail = _tail(places, lines)
    found = [
        place
        for number, (place, line) in enumerate(zip(places, lines, strict=True))
        if number and _weight(line, text[slice(*place)]) + (number >= tail) >= _ENOUGH
    ]
    return tuple(Aside(*each) for each in sorted({*found, *_boxes(places, lines, tail)}))


def _normal(paragraph: str) -> str:
    """On one line, in small letters, with straight apostrophes; empty where it is too long for any of these."""
    short = paragraph if len(paragraph) <= _LONGEST_BOX else ""
    return " ".join(short.split()).casefold().replace("’", "'")


def _weight(line: str, paragraph: str) -> int:
    if not line:
        return 0
    if len(line) <= _LONGEST and (_SURE.fullmatch(line) or _is_credit(paragraph)):
        return 2
    return 1 if _PERHAPS.fullmatch(line) or _BOX.search(line) else 0


def _is_credit(paragraph: str) -> bool:
    """A picture's credit: names and agencies alone. A caption has other words, too."""
    match = _CREDIT.fullmatch(paragraph)
    words = re.findall(r"[^\W\d_]+", match[1]) if match else []
    return 0 < len(words) <= 9 and all(word[0].isupper() or word in _SMALL_WORDS for word in words)


def _tail(places: Sequence[Range], lines: Sequence[str]) -> int:
    """The number of the first of the short paragraphs at the end; they are in the text's second half."""
    first = len(places)
    while first > 1 and (places[first - 1][1] - places[first - 1][0] <= _SHORT or _BOX.search(lines[first - 1])):
        first -= 1
    half = places[-1][1] / 2 if places else 0
    return next((number for number in range(first, len(places)) if places[number][0] >= half), len(places))


def _boxes(places: Iterable[Range], lines: Iterable[str], tail: int) -> Iterator[Range]:
    """What stands under a heading "About the author" at the end."""
    numbered = enumerate(zip(places, lines, strict=True))
    for (_, (_, heading)), (number, (place, line)) in pairwise(numbered):
        if _HEADING.fullmatch(heading) and number >= tail - 1 and line:
            yield place
