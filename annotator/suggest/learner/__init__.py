"""The learner: a sequence model that learns a project's labels from its decisions, article by article.

`learner.Learner` suggests, learns and revises; everything else here is a part of it. A linear-chain
conditional random field (Lafferty, McCallum and Pereira 2001) over hashed features of the words, of what
the pipeline says and of what the memory knows, trained by AdaGrad (Duchi, Hazan and Singer 2011), twice:
the second pass also sees what the first one made of the article's other places with the same words.

Only numpy and scipy; imported by nothing at start-up.
"""
