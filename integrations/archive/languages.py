"""The languages and vintages of Strava's activities.csv, as data: to add a language, add one entry to LANGUAGES.

English, Dutch, Spanish and Italian were read off real exports (of Italian the header only); what other importers
write about German, French and the exports of 2018 is second hand, and marked so.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Language:
    """How one language words an activities.csv. Several wordings of the same thing are parted by ` | `.

    `columns` maps a field to the header; fields are named as in Strava's API where it has them. A header that comes
    twice (Distance, Elapsed Time, Max Heart Rate) is the same field twice: first as shown to people, then as a plain
    number. `distance` is shown in kilometres the first time and in metres the second; a language that has
    `distance_m` instead has it once, in metres. `months` are twelve, `sports` maps Strava's own `sport_type` to the
    localised activity types.
    """

    name: str
    columns: Mapping[str, str]
    months: tuple[str, ...] = ()
    sports: Mapping[str, str] | None = None
    #: Strava's exports give UTC without saying so.
    in_utc: bool = True

    @cached_property
    def field_of(self) -> Mapping[str, str]:
        """Our field by the folded header."""
        return {wording: name for name, wordings in self.columns.items() for wording in _wordings(wordings)}

    @cached_property
    def month_of(self) -> Mapping[str, int]:
        """The month's number by its folded name or abbreviation, without a dot."""
        return {name: number for number, names in enumerate(self.months, start=1) for name in _wordings(names)}

    @cached_property
    def _sport_of(self) -> Mapping[str, str]:
        return {word: sport for words, sport in (self.sports or {}).items() for word in _wordings(words)}

    def sport(self, word: str) -> str:
        """Strava's `sport_type` for a localised activity type; one that is not known stays as it is."""
        folded_word = folded(word)
        return self._sport_of.get(folded_word) or _ENGLISH_SPORTS.get(_joined(folded_word)) or word.strip()


def folded(text: str) -> str:
    """Text as it is compared: one kind of space and apostrophe, no upper case, no byte order mark."""
    plain = unicodedata.normalize("NFKC", text).replace("\ufeff", "").replace("’", "'")
    return " ".join(plain.casefold().split())


def _wordings(text: str) -> list[str]:
    return [folded(wording) for wording in text.split(" | ")]


def _joined(text: str) -> str:
    return re.sub(r"[\s-]", "", text)


#: Strava's sport types. English exports write them as words ("Weight Training"), with these exceptions.
SPORT_TYPES = """
AlpineSki BackcountrySki Badminton Basketball Canoeing Cricket Crossfit Dance EBikeRide Elliptical EMountainBikeRide
Golf GravelRide Handcycle HighIntensityIntervalTraining Hike IceSkate InlineSkate Kayaking Kitesurf MountainBikeRide
NordicSki Padel PhysicalTherapy Pickleball Pilates Racquetball Ride RockClimbing RollerSki Rowing Run Sail Skateboard
Snowboard Snowshoe Soccer Squash StairStepper StandUpPaddling Surfing Swim TableTennis Tennis TrailRun Velomobile
VirtualRide VirtualRow VirtualRun Volleyball Walk WeightTraining Wheelchair Windsurf Workout Yoga
""".split()  # noqa: SIM905  # read as prose, not as a column of 56 quoted words
_ENGLISH_SPORTS = {name.casefold(): name for name in SPORT_TYPES} | {
    "rockclimb": "RockClimbing",
    "football(soccer)": "Soccer",
    "canoe": "Canoeing",
    "hiit": "HighIntensityIntervalTraining",
}

ENGLISH = Language(
    name="English",
    columns={
        "id": "Activity ID",
        "date": "Activity Date",
        "type": "Activity Type",
        "distance": "Distance",
        "elapsed_time": "Elapsed Time",
        "moving_time": "Moving Time",
        "total_elevation_gain": "Elevation Gain",
        "average_heartrate": "Average Heart Rate",
        "max_heartrate": "Max Heart Rate",
        "average_cadence": "Average Cadence",
        "file": "Filename",
        "race": "Competition",
    },
    months=(
        "jan | january",
        "feb | february",
        "mar | march",
        "apr | april",
        "may",
        "jun | june",
        "jul | july",
        "aug | august",
        "sep | sept | september",
        "oct | october",
        "nov | november",
        "dec | december",
    ),
)

DUTCH = Language(
    name="Dutch",
    columns={
        "id": "Activiteits-ID",
        "date": "Datum van activiteit",
        "type": "Activiteitstype",
        "distance": "Afstand",
        "elapsed_time": "Verstreken tijd",
        "moving_time": "Beweegtijd",
        "total_elevation_gain": "Totale stijging | Hoogteverschil | Hoogtewinst",
        "average_heartrate": "Gemiddelde hartslag",
        "max_heartrate": "Max. hartslag",
        "average_cadence": "Gemiddelde cadans",
        "file": "Bestandsnaam",
        "race": "Wedstrijd",
    },
    months=(
        "jan | januari",
        "feb | februari",
        "mrt | maart",
        "apr | april",
        "mei",
        "jun | juni",
        "jul | juli",
        "aug | augustus",
        "sep | sept | september",
        "okt | oktober",
        "nov | november",
        "dec | december",
    ),
    sports={
        "Hardloopsessie | Hardlopen": "Run",
        "Trailrun | Trailrunsessie | Trailrunning": "TrailRun",
        "Virtuele hardloopsessie": "VirtualRun",
        "Fietsrit": "Ride",
        "Virtuele fietsrit": "VirtualRide",
        "Wandeling | Wandelen": "Walk",
        "Hike | Hiken": "Hike",
        "Zwemmen": "Swim",
        "Krachttraining": "WeightTraining",
        "Training": "Workout",
        "Kayakken": "Kayaking",
        "Kitesurfen": "Kitesurf",
        "Roeien": "Rowing",
    },
)

SPANISH = Language(
    name="Spanish",
    columns={
        "id": "Id. de actividad | ID de actividad",
        "date": "Fecha de la actividad",
        "type": "Tipo de actividad",
        "distance": "Distancia",
        "elapsed_time": "Tiempo transcurrido",
        "moving_time": "Tiempo en movimiento",
        "total_elevation_gain": "Desnivel positivo",
        "average_heartrate": "Ritmo cardíaco promedio | Frecuencia cardiaca media | Ritmo cardiaco promedio",
        "max_heartrate": "Ritmo cardíaco máx. | Frecuencia cardiaca máxima | Ritmo cardiaco máx.",
        "average_cadence": "Cadencia promedio | Cadencia media",
        "file": "Nombre de archivo | Nombre del archivo",
        "race": "Competencia | Competición",
    },
    months=(
        "ene | enero",
        "feb | febrero",
        "mar | marzo",
        "abr | abril",
        "may | mayo",
        "jun | junio",
        "jul | julio",
        "ago | agosto",
        "sep | sept | septiembre | set | setiembre",
        "oct | octubre",
        "nov | noviembre",
        "dic | diciembre",
    ),
    sports={
        "Carrera": "Run",
        "Carrera de trail | Carrera por senderos | Trail | Trail running": "TrailRun",
        "Carrera virtual": "VirtualRun",
        "Vuelta ciclista | Bicicleta": "Ride",
        "Vuelta ciclista virtual | Bicicleta virtual": "VirtualRide",
        "Caminata": "Walk",
        "Senderismo": "Hike",
        "Natación": "Swim",
        "Entrenamiento con pesas": "WeightTraining",
        "Entrenamiento": "Workout",
        "Remo": "Rowing",
    },
)

ITALIAN = Language(
    name="Italian",
    columns={
        "id": "ID attività",
        "date": "Data dell'attività",
        "type": "Tipo attività | Tipo di attività",
        "distance": "Distanza",
        "elapsed_time": "Tempo trascorso",
        "moving_time": "Tempo in movimento",
        "total_elevation_gain": "Dislivello positivo",
        "average_heartrate": "Frequenza cardiaca media",
        "max_heartrate": "Frequenza cardiaca massima",
        "average_cadence": "Cadenza media",
        "file": "Nome del file",
        "race": "Gara | Competizione",
    },
    months=(
        "gen | gennaio",
        "feb | febbraio",
        "mar | marzo",
        "apr | aprile",
        "mag | maggio",
        "giu | giugno",
        "lug | luglio",
        "ago | agosto",
        "set | sett | settembre",
        "ott | ottobre",
        "nov | novembre",
        "dic | dicembre",
    ),
    sports={
        "Corsa": "Run",
        "Trail | Trail running | Corsa su sentiero | Corsa su trail": "TrailRun",
        "Corsa virtuale": "VirtualRun",
        "Ciclismo | Pedalata | Giro in bici": "Ride",
        "Pedalata virtuale": "VirtualRide",
        "Camminata": "Walk",
        "Escursione | Escursionismo": "Hike",
        "Nuoto | Nuotata": "Swim",
        "Allenamento con i pesi | Allenamento con pesi": "WeightTraining",
        "Allenamento": "Workout",
        "Canottaggio": "Rowing",
    },
)

#: Second hand.
GERMAN = Language(
    name="German",
    columns={
        "id": "Aktivitäts-ID",
        "date": "Aktivitätsdatum",
        "type": "Aktivitätsart",
        "distance": "Distanz",
        "elapsed_time": "Verstrichene Zeit",
        "moving_time": "Bewegungszeit",
        "total_elevation_gain": "Höhenzunahme",
        "average_heartrate": "Durchschnittliche Herzfrequenz",
        "max_heartrate": "Max. Herzfrequenz",
        "average_cadence": "Durchschnittliche Trittfrequenz",
        "file": "Dateiname",
        "race": "Wettkampf",
    },
    months=(
        "jan | januar | jänner",
        "feb | februar",
        "mär | märz | mrz",
        "apr | april",
        "mai",
        "jun | juni",
        "jul | juli",
        "aug | august",
        "sep | sept | september",
        "okt | oktober",
        "nov | november",
        "dez | dezember",
    ),
    sports={
        "Lauf | Laufen": "Run",
        "Traillauf | Trailrunning": "TrailRun",
        "Virtueller Lauf": "VirtualRun",
        "Radfahrt": "Ride",
        "Virtuelle Radfahrt": "VirtualRide",
        "E-Bike-Fahrt": "EBikeRide",
        "Mountainbikefahrt": "MountainBikeRide",
        "Gravelfahrt": "GravelRide",
        "Spaziergang | Gehen": "Walk",
        "Wandern | Wanderung": "Hike",
        "Schwimmen": "Swim",
        "Krafttraining | Gewichtstraining": "WeightTraining",
        "Training": "Workout",
        "Rudern": "Rowing",
        "Ellipsentrainer": "Elliptical",
        "Klettern": "RockClimbing",
    },
)

#: Second hand.
FRENCH = Language(
    name="French",
    columns={
        "id": "ID de l'activité",
        "date": "Date de l'activité",
        "type": "Type d'activité",
        "distance": "Distance",
        "elapsed_time": "Temps écoulé",
        "moving_time": "Durée de déplacement",
        "total_elevation_gain": "Dénivelé positif",
        "average_heartrate": "Fréquence cardiaque moyenne",
        "max_heartrate": "Fréquence cardiaque max. | Fréquence cardiaque maximum | Fréquence cardiaque maximale",
        "average_cadence": "Cadence moyenne",
        "file": "Nom du fichier",
        "race": "Compétition",
    },
    months=(
        "janv | jan | janvier",
        "févr | fév | février | fevr",
        "mars | mar",
        "avr | avril",
        "mai",
        "juin",
        "juil | juillet",
        "août | aout",
        "sept | sep | septembre",
        "oct | octobre",
        "nov | novembre",
        "déc | décembre | dec",
    ),
    sports={
        "Course à pied | Course": "Run",
        "Trail | Course de trail": "TrailRun",
        "Course à pied virtuelle": "VirtualRun",
        "Vélo | Sortie vélo | Sortie à vélo": "Ride",
        "Vélo virtuel | Sortie vélo virtuelle": "VirtualRide",
        "Marche": "Walk",
        "Randonnée": "Hike",
        "Natation": "Swim",
        "Entraînement aux poids | Musculation": "WeightTraining",
        "Entraînement": "Workout",
        "Aviron": "Rowing",
    },
)

#: Second hand: the few plain columns of exports before 2019, distance once and in metres.
ENGLISH_2018 = Language(
    name="English of 2018",
    columns={
        "id": "id",
        "date": "date",
        "type": "type",
        "distance_m": "distance",
        "elapsed_time": "elapsed_time",
        "file": "filename",
    },
    months=ENGLISH.months,
)

LANGUAGES = (ENGLISH, DUTCH, SPANISH, ITALIAN, GERMAN, FRENCH, ENGLISH_2018)

#: Not Strava's: the plain table that Afterrun documents for histories from elsewhere. Its times are local.
PLAIN = Language(
    name="plain table",
    columns={
        "id": "id",
        "date": "start_date_local",
        "utc_offset": "utc_offset_s",
        "time_basis": "time_basis",
        "type": "type",
        "distance_m": "distance_m",
        "elapsed_time": "elapsed_time_s",
        "moving_time": "moving_time_s",
        "total_elevation_gain": "elevation_gain_m",
        "average_heartrate": "average_heartrate",
        "max_heartrate": "max_heartrate",
        "average_cadence": "average_cadence",
    },
    in_utc=False,
)
