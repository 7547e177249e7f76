"""Coded segments, quotations, excerpts and codebooks that other tools export, known by the headings that are theirs alone.

Headings follow the tools' own exports (Taguette, QualCoder, MAXQDA, ATLAS.ti, Dedoose, NVivo); every word in them is made up.
"""

import pytest

from builders import brought, codings, sheet, study_from

EXPORTS = {
    "Taguette": "id,document,tag,content\n1,A1,Transport,No bus.\n1,A1,Contact,No bus.\n2,B2,Transport,A long way.\n",
    "QualCoder": "File,Coder,Coded,Id,Codename,Coded_Memo,Category\nA1,nora,No bus.,ctid:11,Bus,,Transport\n"
    "B2,nora,A long way.,ctid:12,Contact,,\n",
    "MAXQDA": "Color,Comment,Document group,Document name,Code,Weight score,Segment,Created by,Created,Area,Coverage %\n"
    "●,check tone,North,A1,Transport\\Bus,0,No bus.,nora,01.02.2024,7,0.5\n,,North,B2,Contact,0,A long way.,nora,,11,0.4\n",
}
PATHS = {
    "Taguette": {("transport", None): 2, ("contact", None): 1},
    "QualCoder": {("bus", "transport"): 1, ("contact", None): 1},
    "MAXQDA": {("bus", "transport"): 1, ("contact", None): 1},
}


@pytest.mark.parametrize("tool", EXPORTS)
def test_an_export_is_known_by_its_whole_heading(tmp_path, tool):
    study = study_from(tmp_path, export=EXPORTS[tool])
    above = study.codebook.set_index("code_id")["parent_id"]
    counted = study.codings["code_id"].astype("str").value_counts()
    parents = above.astype("object").where(above.notna(), None)
    assert {(code, parents[code]): n for code, n in counted.items()} == PATHS[tool]
    assert list(study.documents["document_id"]) == ["a1", "b2"]
    assert sorted(study.segments["text"]) == ["A long way.", "No bus."]
    assert (len(study.participants), len(study.areas)) == (0, 0)


MAXQDA = (
    "Couleur,Commentaire,Groupe de documents,Nom du document,Code,Score de poids,Segment,Créé par,Créé le,Surface,Couverture %",
    "Color,Comentario,Grupo de documentos,Nombre del documento,Código,Peso,Segmento,Creado por,Creado,Área,Cobertura %",
    "Cor,Comentário,Grupo de documentos,Nome do documento,Código,Peso,Segmento,Criado por,Criado em,Área,Cobertura %",
    "Colore,Commento,Gruppo di documenti,Nome del documento,Codice,Peso,Segmento,Creato da,Creato il,Area,Copertura %",
)
ATLAS = (
    "ID,Quotation Name,Document,Quotation Content,Codes,Reference,Comment,Created by",
    "ID,Nom de la citation,Document,Contenu de la citation,Codes,Référence,Commentaire,Créé par",
    "ID,引文名称,文档,引文内容,编码,参考,注释,创建者",
)
CODED = [
    ("A1", "The bus was late.", "Bus"),
    ("A1", "Nobody answered.", "Contact"),
    ("B2", "We walked.", "Bus"),
]


@pytest.mark.parametrize(
    "lines",
    [
        ("id,document,tag,content", *(f"{n},{d},{c},{t}" for n, (d, t, c) in enumerate(CODED, 1))),
        (
            "File,Coder,Coded,Id,Codename,Coded_Memo,Category",
            *(f"{d},nora,{t},ctid:{n},{c},," for n, (d, t, c) in enumerate(CODED)),
        ),
        (
            "Color,Comment,Document group,Document name,Code,Weight score,Segment,Created by,Created,Area,Coverage %",
            *(f"red,,G,{d},{c},0,{t},NF,2024-01-01,{28 + n},1.5" for n, (d, t, c) in enumerate(CODED)),
        ),
        (
            "Farbe,Kommentar,Dokumentgruppe,Dokumentname,Code,Gewicht,Segment,Erstellt von,Erstellt am,Fläche,Abdeckungsgrad %",
            *(f"rot,,G,{d},{c},0,{t},NF,2024-01-01,{28 + n},1.5" for n, (d, t, c) in enumerate(CODED)),
        ),
        *(
            (
                heading,
                *(
                    f"red,note,G,{d},{c},0,{t},NF,2024-01-01,{28 + n},1.5"
                    for n, (d, t, c) in enumerate(CODED)
                ),
            )
            for heading in MAXQDA
        ),
        *(
            (heading, *(f"{n}:{n},q,{d},{t},{c},p {n},checked,NF" for n, (d, t, c) in enumerate(CODED, 1)))
            for heading in ATLAS
        ),
        (
            "Media Title,Excerpt Range,Excerpt Creator,Excerpt Date,Excerpt Copy,Codes Applied Combined,Code: Bus Applied,Code: Bus Weight,Code: Contact Applied",
            *(f"{d},1-2,nora,2024,{t},{c},{c == 'Bus'},,{c == 'Contact'}" for d, t, c in CODED),
        ),
    ],
    ids=[
        *("Taguette", "QualCoder", "MAXQDA", "MAXQDA in German"),
        *(f"MAXQDA in {language}" for language in ("French", "Spanish", "Portuguese", "Italian")),
        *(f"ATLAS.ti in {language}" for language in ("English", "French", "Chinese")),
        "Dedoose",
    ],
)
def test_coded_segments_of_other_tools(tmp_path, lines):
    path = sheet(tmp_path, *lines)
    assert codings(path) == CODED
    assert not {"participants", "areas"} & brought(path).keys()


def test_the_category_of_a_code_is_the_code_above_it(tmp_path):
    path = sheet(
        tmp_path, "File,Coder,Coded,Id,Codename,Coded_Memo,Category", "A1,nora,Late.,ctid:1,Bus,why,Transport"
    )
    codes = brought(path)["codebook"]
    assert codes[["label", "parent_id"]].fillna("").values.tolist() == [
        ["Transport", ""],
        ["Bus", "Transport"],
    ]


def test_an_nvivo_codebook(tmp_path):
    codes = brought(sheet(tmp_path, "Name,Description,Files,References", "Bus,Getting about,2,3"))["codebook"]
    assert codes[["label", "definition"]].values.tolist() == [["Bus", "Getting about"]]


def test_the_codes_of_atlas_ti_are_a_codebook(tmp_path):
    path = sheet(
        tmp_path, "Code,Comment,Grounded,Density,Code Groups", "Bus,Getting about,3,1,Access", "Cost,,2,1,"
    )
    tables = brought(path)
    assert tables["codebook"][["label", "definition"]].fillna("").values.tolist() == [
        ["Bus", "Getting about"],
        ["Cost", ""],
    ]
    assert "segments" not in tables


def test_comments_of_a_quotation_are_no_passages(tmp_path):
    path = sheet(
        tmp_path, "ID,Name,Document,Quotation Content,Codes,Comment", "1:1,q,A1,It was late.,Bus,check"
    )
    assert codings(path) == [("A1", "It was late.", "Bus")]


def test_an_area_is_no_running_number(tmp_path):
    tables = brought(sheet(tmp_path, "Document,Segment,Code,Area", "A1,Late.,Bus,28", "B2,Far.,Bus,24"))
    assert ("areas" in tables, tables["attributes"]["value"].tolist()) == (False, ["28", "24"])
