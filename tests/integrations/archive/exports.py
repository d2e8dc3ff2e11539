"""Hand-made exports: invented runners, in the shapes that Strava gives its exports."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from integrations.archive import History, read_histories

_HEADER_LINES = {
    "en": (
        "Activity ID,Activity Date,Activity Name,Activity Type,Activity Description,Elapsed Time,Distance,"
        "Max Heart Rate,Relative Effort,Commute,Filename,Elapsed Time,Moving Time,Distance,Elevation Gain,"
        "Max Heart Rate,Average Heart Rate,Average Cadence,Relative Effort,Commute,Competition"
    ),
    "nl": (
        "Activiteits-ID,Datum van activiteit,Naam activiteit,Activiteitstype,Beschrijving van activiteit,"
        "Verstreken tijd,Afstand,Max. hartslag,Vergelijkbare poging,Woon-werkverkeer,Bestandsnaam,Verstreken tijd,"
        "Beweegtijd,Afstand,Totale stijging,Max. hartslag,Gemiddelde hartslag,Gemiddelde cadans,"
        "Vergelijkbare poging,Woon-werkverkeer,Wedstrijd"
    ),
    "es": (
        "Id. de actividad,Fecha de la actividad,Nombre de la actividad,Tipo de actividad,"
        "Descripción de la actividad,Tiempo transcurrido,Distancia,Ritmo cardíaco máx.,Esfuerzo relativo,"
        "Viaje al trabajo,Nombre de archivo,Tiempo transcurrido,Tiempo en movimiento,Distancia,Desnivel positivo,"
        "Ritmo cardíaco máx.,Ritmo cardíaco promedio,Cadencia promedio,Esfuerzo relativo,Viaje al trabajo,Competencia"
    ),
    "it": (
        "ID attività,Data dell’attività,Nome attività,Tipo attività,Descrizione dell’attività,Tempo trascorso,"
        "Distanza,Frequenza cardiaca massima,Sforzo relativo,Tragitto pendolare,Nome del file,Tempo trascorso,"
        "Tempo in movimento,Distanza,Dislivello positivo,Frequenza cardiaca massima,Frequenza cardiaca media,"
        "Cadenza media,Sforzo relativo,Tragitto pendolare,Gara"
    ),
    "de": (
        "Aktivitäts-ID,Aktivitätsdatum,Name der Aktivität,Aktivitätsart,Beschreibung der Aktivität,"
        "Verstrichene Zeit,Distanz,Max. Herzfrequenz,Relative Leistung,Pendeln,Dateiname,Verstrichene Zeit,"
        "Bewegungszeit,Distanz,Höhenzunahme,Max. Herzfrequenz,Durchschnittliche Herzfrequenz,"
        "Durchschnittliche Trittfrequenz,Relative Leistung,Pendeln,Wettkampf"
    ),
    "fr": (
        "ID de l'activité,Date de l'activité,Nom de l'activité,Type d'activité,Description de l'activité,"
        "Temps écoulé,Distance,Fréquence cardiaque max.,Mesure d'effort,Trajet domicile-travail,Nom du fichier,"
        "Temps écoulé,Durée de déplacement,Distance,Dénivelé positif,Fréquence cardiaque max.,"
        "Fréquence cardiaque moyenne,Cadence moyenne,Mesure d'effort,Trajet domicile-travail,Compétition"
    ),
}

#: The columns by language; those that exports have besides are left away.
HEADERS: Mapping[str, Sequence[str]] = {language: line.split(",") for language, line in _HEADER_LINES.items()}

#: Positions in the headers above.
ID, DATE, NAME, SPORT, TEXT, SHOWN_TIME, SHOWN_KM, SHOWN_HR, FILE = 0, 1, 2, 3, 4, 5, 6, 7, 10
ELAPSED, MOVING, METRES, GAIN, MAX_HR, MEAN_HR, CADENCE, RACE = 11, 12, 13, 14, 15, 16, 17, 20


def row(changes: Mapping[int, str] | None = None) -> list[str]:
    """An English row: 10.05 km in an hour, stopped for 100 s."""
    cells = [""] * len(HEADERS["en"])
    cells[ID], cells[DATE], cells[NAME], cells[SPORT] = "71", "Aug 2, 2026, 6:20:32 AM", "Along the canal", "Run"
    cells[SHOWN_TIME], cells[SHOWN_KM], cells[FILE] = "3700", "10.05", "activities/71.fit.gz"
    cells[ELAPSED], cells[MOVING], cells[METRES], cells[GAIN] = "3700.0", "3600.0", "10049.5", "42.5"
    cells[MAX_HR], cells[MEAN_HR], cells[CADENCE] = "181.0", "152.5", "84.5"
    for position, cell in (changes or {}).items():
        cells[position] = cell
    return cells


def table(header: Sequence[str], *rows: Sequence[str]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows([header, *rows])
    return out.getvalue()


def read_one(path: Path) -> History:
    """The one history of this path."""
    (found,) = read_histories([path])
    return found


def export(folder: Path, *rows: Sequence[str], language: str = "en", encoding: str = "utf-8") -> History:
    """The history of an activities.csv with these rows."""
    path = folder / "activities.csv"
    path.write_bytes(table(HEADERS[language], *rows).encode(encoding))
    return read_one(path)
