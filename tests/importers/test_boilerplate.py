"""What is taken for the rest of a page, and above all what is not."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.importers.boilerplate import boilerplate
from annotator.model.aside import AsideState

STORY = (
    "Linnet Ferries opens a second crossing\n"
    "\n"
    "The ferry company Linnet said on Tuesday that it would open a second crossing between Oban and Larne in June, "
    "after three years of talks with both harbours and with the ministry in Belfast.\n"
    "\n"
    "Its chief executive, Moira Baird, expects four hundred thousand passengers a year, half of them with a car.\n"
)

ANYWHERE = """
Comments (12)
3 Kommentare
View all 27 comments
Leave a comment
Be the first to comment on this story!
Log in or register to join the discussion
Please sign in to leave a comment.
Comments are closed.
Join the conversation
What do you think? Let us know in the comments below.
Tell us what you think of the new crossing in the comments section.
Kommentar schreiben
Schreiben Sie den ersten Kommentar
Diskutieren Sie mit!
Bitte melden Sie sich an, um zu kommentieren.
Die Kommentarfunktion für diesen Artikel ist geschlossen.
Laisser un commentaire
Soyez le premier à réagir
Connectez-vous pour commenter cet article
Réagir à cet article
Deja un comentario
Sé el primero en comentar
Inicia sesión para comentar
Read more: Linnet orders two ships from Gdansk
Read more about the harbour of Larne here
READ ALSO | Ten islands without a car
Related: Why ferries are back
Related articles
You may also like
See also
More on this story
Lesen Sie auch: Die Fähre nach Larne
Mehr zum Thema
Das könnte Sie auch interessieren
Weiterlesen …
À lire aussi : Le port de Larne se prépare
Lire aussi
Sur le même sujet
En savoir plus
Lee también: El puerto de Larne
También te puede interesar
Noticias relacionadas
Sign up for our daily newsletter
Subscribe to our newsletter and never miss a crossing.
Get the best of the coast delivered straight to your inbox every morning.
Enter your email address
Hier unseren Newsletter abonnieren
Abonnieren Sie unseren kostenlosen Küsten-Newsletter
Abonnez-vous à notre newsletter
Recevez chaque matin l’essentiel de la côte dans votre boîte mail
Suscríbete a nuestro boletín
Recibe cada mañana las noticias en tu correo
Share this article
Share
Share on Facebook
Facebook Twitter LinkedIn
Share Tweet Email
Follow us on Twitter @linnetnews
Follow Linnet News on Facebook
Artikel teilen
Auf WhatsApp teilen
Folgen Sie uns auf Instagram
Partagez cet article
Suivez-nous sur Facebook et Twitter
Comparte esta noticia
Síguenos en Twitter
© 2017 Linnet News. All rights reserved.
Copyright 2017 The Linnet Press
© Linnet News
Alle Rechte vorbehalten.
Linnet Presse – Tous droits réservés
This material may not be published, broadcast or redistributed without permission.
This article was originally published on Linnet News.
Photo: Anna Baird/Reuters
(Photo by Anna Baird/Getty Images)
Image credit: Linnet Ferries
Foto: dpa
Bild: Picture Alliance / dpa
Crédit photo : AFP
Crédits : Anna Baird
About the author
Über den Autor
moira@linnet.example
Email: newsroom@linnet.example
@annabaird
(Reporting by Anna Baird; Editing by Tom Reid)
Additional reporting by Anna Baird in Larne; Editing by Tom Reid
Advertisement
Anzeige
Publicité
Story continues below
Loading…
Show more
Mehr anzeigen
Please enable JavaScript to view the comments.
Media playback is not supported on this device
Your email address will not be published. Required fields are marked *
Votre adresse e-mail ne sera pas publiée. Les champs obligatoires sont indiqués avec *
Ihre E-Mail-Adresse wird nicht veröffentlicht.
Tu dirección de correo electrónico no será publicada.
This article is for subscribers only.
Cet article est réservé aux abonnés.
An dieser Stelle finden Sie einen externen Inhalt von Twitter, der den Artikel ergänzt.
Image copyright Getty Images
Image source, Reuters
You can follow Anna Baird on Twitter
Puedes seguir a Linnet en Facebook y Twitter
""".strip().splitlines()

AT_THE_END = """
Comments
What do you think?
Tags: ferries, Larne, Oban
More from Business
Most read
Mehr aus Wirtschaft
Twitter
Anna Baird covers the coast for Linnet News. Follow her on Twitter @annabaird.
Anna Baird is a reporter in Larne. She can be reached at anna@linnet.example.
Anna Baird ist Redakteurin in Hamburg. Folgen Sie ihr auf Twitter.
Linnet News writer Anna Baird in Larne contributed to this report.
Got a tip? Write to tips@linnet.example.
""".strip().splitlines()

NEWS = """
Comments by the minister about Larne angered the harbour.
Comment is free, but facts are sacred, the editor once wrote.
Read more than two books a week, the school told its pupils.
Related companies of Linnet were not part of the sale.
Subscribe to the view of Moira Baird or not, the crossing will open in June.
Share prices of Linnet fell by 3 percent in London.
Shares of Twitter, Facebook and Linnet fell.
Share ownership has grown, said the bank.
Follow the money, Baird told the committee.
Join the army, the posters said.
Sign up by Friday, the harbour of Larne told its workers.
Get the ships to Belfast, the ministry said.
Photo albums of the royal family were sold in Paris.
Photo: Moira Baird opens the crossing in Larne on Tuesday.
Photograph: a man waits for the ferry near Oban.
Bild: Kanzlerin Angela Merkel begrüßt in Berlin den Präsidenten.
Copyright law will change in June, the ministry said.
Copyright holders sued Google in 2017.
(c) the harbour of Larne, as in the act of 1998, and
The album All Rights Reserved sold two million copies.
Police ask anyone with information to contact them on 101.
Anyone with information can be reached at the harbour.
Anna Baird is a reporter for the Linnet News.
Gershkovich is a correspondent for the Journal.
Advertisement revenue fell to $3 million.
Anzeige erstattete am Dienstag die Reederei Linnet.
Teilen will die Regierung die Kosten mit Larne.
Kommentare des Ministers sorgten für Ärger.
Mehr zum Leben hat der Norden, sagt Baird.
Zum Thema Larne sagte Merkel nichts.
Lire le rapport de Linnet prend une heure.
Partager la ville de Larne ne plaît à personne.
Commentaires et critiques ont suivi à Paris.
Más información pidió ayer el ministro de Larne.
Compartir el puerto no gusta a nadie en Larne.
What do you think of the crossing, we asked Moira Baird.
Tell us more about Larne.
Topics such as Larne were avoided.
More from Linnet is expected in June.
Follow-up talks in Larne begin on Monday.
Newsletter publisher Substack raised $65 million.
Twitter fell by 3 percent.
About the author of the letter nothing is known.
Reporting by the BBC led to the trial.
Loading of the ferries in Larne begins at dawn.
Show more courage, Baird told the harbour.
Image source code was stolen from Linnet.
Picture by picture the film shows Larne.
This story is for children, said Baird.
The ministry contributed to this report by the harbour of Larne.
The Institute of Shipping in Hamburg contributed to this report.
Contenu du rapport : Larne sera fermée.
Follow the ferry from Larne on YouTube tonight, where 40 cameras show it, said Baird to the harbour on Monday.
""".strip().splitlines()


def found(text: str) -> list[str]:
    return [text[aside.start : aside.end] for aside in boilerplate(text)]


@pytest.mark.parametrize("line", ANYWHERE)
def test_what_gives_itself_away_is_found_in_the_middle_too(line: str) -> None:
    assert found(f"{STORY}\n{line}\n\n{STORY}") == [line]


@pytest.mark.parametrize("line", AT_THE_END)
def test_what_could_be_a_heading_is_found_at_the_end_alone(line: str) -> None:
    assert found(f"{STORY}\n{line}\n") == [line]
    assert found(f"{STORY}\n{line}\n\n{STORY}") == []


@pytest.mark.parametrize("line", NEWS)
def test_a_sentence_of_news_is_never_taken(line: str) -> None:
    assert found(f"{STORY}\n{line}\n\n{STORY}") == []
    assert found(f"{STORY}\n{line}\n") == []
    assert found(f"{STORY}\n{line}\n\nShare\n") == ["Share"]


def test_the_box_below_its_heading_goes_along() -> None:
    box = "Anna Baird has written on ferries for twenty years. " * 5
    assert found(f"{STORY}\nAbout the author\n\n{box}\n") == ["About the author", box.strip()]
    assert found(f"{STORY}\nAbout the author\n\n{box}\n\n{STORY}") == ["About the author"]


@pytest.mark.parametrize("text", ["", "\n \n", "Share", "Comments\n", "Advertisement\n\n" + STORY])
def test_the_first_paragraph_and_nothing_are_left_alone(text: str) -> None:
    assert boilerplate(text) == ()


def test_it_is_a_suggestion_of_whole_paragraphs() -> None:
    text = STORY + "\r\n  Share this article \r\n\r\n\tComments (2)"
    shared, comments = boilerplate(text)
    assert (shared.state, shared.annotator, shared.at) == (AsideState.SUGGESTED, None, None)
    assert text[shared.start : shared.end] == "Share this article"
    assert text[comments.start : comments.end] == "Comments (2)"


def test_an_article_alone_has_none() -> None:
    assert boilerplate(STORY * 5) == ()


@given(st.lists(st.sampled_from([*ANYWHERE, *AT_THE_END, *NEWS, STORY, ""])))
def test_what_is_found_lies_in_the_text_in_order(lines: list[str]) -> None:
    text = "\n".join(lines)
    edges = [edge for aside in boilerplate(text) for edge in aside.range]
    assert edges == sorted(set(edges))
    assert all(0 <= edge <= len(text) for edge in edges)


@pytest.mark.parametrize("line", ["share " * 40, "a" * 240, "get the " * 29, "photo: " + "A " * 39, "© " * 119])
def test_no_line_takes_long(line: str) -> None:
    text = f"{STORY}\n" + f"{line}\n" * 200
    begun = time.perf_counter()
    boilerplate(text)
    assert time.perf_counter() - begun < 2
